"""What others' schedulers read, with the paths of a workspace in it: whatever a path holds, it stays a path.

Units: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html
Tasks: https://learn.microsoft.com/windows/win32/taskschd/task-scheduler-schema
Workflows: https://docs.github.com/actions/reference/workflow-syntax-for-github-actions
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from xml.sax.saxutils import escape

from kpicore import BadArgument, harmless

SECRET = "GOOGLE_CREDENTIALS"
"""The name of the secret of a repository that holds what stands in the credentials file."""

_UNIT = """\
# Save it as ~/.config/systemd/user/kpi-sheets.service, then:
#   systemctl --user enable --now kpi-sheets
#   loginctl enable-linger        # it runs while you are not logged in, too
#   journalctl --user -u kpi-sheets -f
[Unit]
Description=KPIs in Google Sheets are kept up to date

[Service]
ExecStart={command}
# Where the credentials are not named in kpi.toml, here is their file:
#Environment=GOOGLE_APPLICATION_CREDENTIALS=
Restart=on-failure
RestartSec=60
# A run that is in flight ends first; Google may let it wait.
TimeoutStopSec=180
UMask=0077
NoNewPrivileges=yes
LockPersonality=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# It may write into its workspace only. Delete these where user namespaces are switched off: it ends with 226 there.
PrivateUsers=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={writable}

[Install]
WantedBy=default.target
"""

_TASK = """\
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <!-- Save it as kpi-sheets.xml, then in PowerShell:
       Register-ScheduledTask -TaskName "kpi sheets" -Xml (Get-Content -Raw kpi-sheets.xml) -->
  <RegistrationInfo>
    <Description>KPIs in Google Sheets are kept up to date</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger><Enabled>true</Enabled></LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT5M</Interval><Count>99</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
    </Exec>
  </Actions>
</Task>
"""

_WORKFLOW = """\
# Save it as .github/workflows/kpi-sheets.yml. Under Settings > Secrets and variables > Actions make the secret
# {secret}: what stands in the key file of the service account. kpi.toml may not name credentials then.
name: kpi sheets
on:
  schedule:
    - cron: "17 * * * *"  # in UTC; GitHub may be minutes late
  workflow_dispatch:
permissions:
  contents: read
concurrency:
  group: kpi-sheets
jobs:
  sync:
    runs-on: ubuntu-latest
    timeout-minutes: 20
    env:
      WORKSPACE: {workspace}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - run: pip install "kpicore[sheets]"
      # The data is made here, of files that are committed: name yours.
      - run: kpi import --yes --workspace "$WORKSPACE" "$WORKSPACE"/data/*.csv
      - name: The credentials, in a file outside of the repository
        env:
          CREDENTIALS: ${{{{ secrets.{secret} }}}}
        run: |
          umask 077
          printf '%s' "$CREDENTIALS" > "$RUNNER_TEMP/google.json"
          echo "GOOGLE_APPLICATION_CREDENTIALS=$RUNNER_TEMP/google.json" >> "$GITHUB_ENV"
      - run: kpi sheets sync --workspace "$WORKSPACE"
      - if: always()
        run: rm -f "$RUNNER_TEMP/google.json"
"""


def systemd_unit(program: str, workspace: str) -> str:
    """Return a unit of a user's own that runs `kpi sheets watch`. Raises BadArgument for a path that cannot stand."""
    command = [program, "sheets", "watch", "--workspace", workspace]
    # systemd takes no program with such signs, though arguments with them
    if set(program) & set("\\\"'"):
        command = ["/bin/sh", "-c", 'exec "$0" "$@"', *command]
    command[0] = f":{command[0]}"  # $ has no meaning in this line
    return _UNIT.format_map({"command": " ".join(map(_exec_word, command)), "writable": _path_word(workspace)})


def windows_task(program: str, workspace: str) -> str:
    """Return a task of Windows that runs `kpi sheets watch` from login on. Raises BadArgument as above."""
    for path in (program, workspace):
        _check_line(path)
        # between two of these the scheduler puts the value of a variable; there is no way to write one
        if re.search("%[^%]+%", path):
            raise BadArgument(f"'{harmless(path)}' has % twice: a task cannot name it.", hint="Rename the folder.")
    arguments = subprocess.list2cmdline(["sheets", "watch", "--workspace", workspace])
    return _TASK.format_map({"program": _xml(program), "arguments": _xml(arguments)})


def github_workflow(workspace: str) -> str:
    """Return a workflow that runs `kpi sheets sync`; the path is that below the folder of the repository."""
    _check_line(workspace)
    # JSON is YAML; an expression would be put in wherever it stands
    text = json.dumps(workspace, ensure_ascii=False).replace("${{", "${{ '${{' }}")
    return _WORKFLOW.format_map({"workspace": text, "secret": SECRET})


def _exec_word(path: str) -> str:
    """Return a word of a command line."""
    _check_line(path)
    return '"' + _each(path, {"\\": "\\\\", '"': '\\"', "%": "%%"}) + '"'


def _path_word(path: str) -> str:
    """Return a word of a list of paths: a backslash is itself there, and a quote stands in quotes of the other kind."""
    return "".join(f"'{part}'" if part != "'" else '"\'"' for part in re.split("(')", path.replace("%", "%%")) if part)


def _each(text: str, words: Mapping[str, str]) -> str:
    return "".join(words.get(sign, sign) for sign in text)


def _xml(text: str) -> str:
    """Return a text of XML in plain ASCII, which survives any encoding that a shell writes files in."""
    return escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")


def _check_line(path: str) -> None:
    """Raise BadArgument for a path with signs that end a line or are none: it would say more than where it is."""
    if not path.isprintable():
        raise BadArgument(f"'{harmless(path)}' has signs that cannot be printed.", hint="Rename the folder.")
