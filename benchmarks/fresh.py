"""Runs a function in a fresh Python process and measures it: `python -m benchmarks.fresh MODULE:FUNCTION JSON`."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """What a fresh process gave back, and its largest resident memory in bytes."""

    result: dict[str, Any]
    peak_bytes: int


def environment() -> dict[str, str]:
    """Return the environment of a process that is measured: Python keeps what it compiles, as it does by default."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def peak_memory() -> int:
    """Return the largest resident memory of this process so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def run(function: str, **arguments: Any) -> MeasuredRun:
    """Call "module:function" with keyword arguments in a fresh process. Raises RuntimeError with what it said."""
    command = [sys.executable, "-m", "benchmarks.fresh", function, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment())
    if done.returncode:
        raise RuntimeError(f"{function} failed:\n{done.stderr[-3000:]}")
    output = json.loads(done.stdout.splitlines()[-1])
    return MeasuredRun(output["result"], output["peak_bytes"])


def main() -> None:
    """Call the function that the arguments name and print its result as the last line."""
    name, arguments = sys.argv[1], json.loads(sys.argv[2])
    module, _, function = name.partition(":")
    result = getattr(import_module(module), function)(**arguments)
    print(json.dumps({"result": result, "peak_bytes": peak_memory()}))


if __name__ == "__main__":
    main()
