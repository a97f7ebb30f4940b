"""manifest.xml: what Office needs to load the add-in, and the icons it names. One runtime holds functions and pane."""

from __future__ import annotations

import struct
import uuid
import zlib
from xml.sax.saxutils import escape, quoteattr

from kpicore import PageContext
from kpicore_excel.office.metadata import NAMESPACE

_BAR, _LAST, _NONE = bytes((31, 119, 180, 255)), bytes((44, 160, 44, 255)), bytes(4)
_BARS = ((0.06, 0.30, 0.55, _BAR), (0.38, 0.62, 0.32, _BAR), (0.70, 0.94, 0.06, _LAST))
"""Left, right and top of each bar as fractions of the size, and its colour."""

_VERSION = "1.0.0.0"
_TEMPLATE = """\
<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="http://schemas.microsoft.com/office/appforoffice/1.1"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:bt="http://schemas.microsoft.com/office/officeappbasictypes/1.0"
    xsi:type="TaskPaneApp">
  <Id>{id}</Id>
  <Version>{version}</Version>
  <ProviderName>kpicore</ProviderName>
  <DefaultLocale>en-US</DefaultLocale>
  <DisplayName DefaultValue={title}/>
  <Description DefaultValue="KPIs with one definition, as functions in cells."/>
  <IconUrl DefaultValue={url32}/>
  <HighResolutionIconUrl DefaultValue={url64}/>
  <SupportUrl DefaultValue={pane}/>
  <AppDomains>
    <AppDomain>{base}</AppDomain>
  </AppDomains>
  <Hosts>
    <Host Name="Workbook"/>
  </Hosts>
  <Requirements>
    <Sets DefaultMinVersion="1.1">
      <Set Name="SharedRuntime" MinVersion="1.1"/>
    </Sets>
  </Requirements>
  <DefaultSettings>
    <SourceLocation DefaultValue={pane}/>
  </DefaultSettings>
  <Permissions>ReadWriteDocument</Permissions>
  <VersionOverrides xmlns="http://schemas.microsoft.com/office/taskpaneappversionoverrides"
      xsi:type="VersionOverridesV1_0">
    <Hosts>
      <Host xsi:type="Workbook">
        <Runtimes>
          <Runtime resid="Pane.Url" lifetime="long"/>
        </Runtimes>
        <AllFormFactors>
          <ExtensionPoint xsi:type="CustomFunctions">
            <Script>
              <SourceLocation resid="Functions.Url"/>
            </Script>
            <Page>
              <SourceLocation resid="Pane.Url"/>
            </Page>
            <Metadata>
              <SourceLocation resid="Metadata.Url"/>
            </Metadata>
            <Namespace resid="Functions.Namespace"/>
          </ExtensionPoint>
        </AllFormFactors>
        <DesktopFormFactor>
          <FunctionFile resid="Pane.Url"/>
          <ExtensionPoint xsi:type="PrimaryCommandSurface">
            <OfficeTab id="TabHome">
              <Group id="Kpi.Group">
                <Label resid="Group.Label"/>
                <Icon>
                  <bt:Image size="16" resid="Icon.16"/>
                  <bt:Image size="32" resid="Icon.32"/>
                  <bt:Image size="80" resid="Icon.80"/>
                </Icon>
                <Control xsi:type="Button" id="Kpi.Pane">
                  <Label resid="Pane.Label"/>
                  <Supertip>
                    <Title resid="Pane.Label"/>
                    <Description resid="Pane.Help"/>
                  </Supertip>
                  <Icon>
                    <bt:Image size="16" resid="Icon.16"/>
                    <bt:Image size="32" resid="Icon.32"/>
                    <bt:Image size="80" resid="Icon.80"/>
                  </Icon>
                  <Action xsi:type="ShowTaskpane">
                    <TaskpaneId>Kpi.Pane</TaskpaneId>
                    <SourceLocation resid="Pane.Url"/>
                  </Action>
                </Control>
              </Group>
            </OfficeTab>
          </ExtensionPoint>
        </DesktopFormFactor>
      </Host>
    </Hosts>
    <Resources>
      <bt:Images>
        <bt:Image id="Icon.16" DefaultValue={url16}/>
        <bt:Image id="Icon.32" DefaultValue={url32}/>
        <bt:Image id="Icon.80" DefaultValue={url80}/>
      </bt:Images>
      <bt:Urls>
        <bt:Url id="Functions.Url" DefaultValue={functions}/>
        <bt:Url id="Metadata.Url" DefaultValue={metadata}/>
        <bt:Url id="Pane.Url" DefaultValue={pane}/>
      </bt:Urls>
      <bt:ShortStrings>
        <bt:String id="Functions.Namespace" DefaultValue="{namespace}"/>
        <bt:String id="Group.Label" DefaultValue="KPIs"/>
        <bt:String id="Pane.Label" DefaultValue="KPI pane"/>
      </bt:ShortStrings>
      <bt:LongStrings>
        <bt:String id="Pane.Help" DefaultValue="Find a KPI, insert its formula, explain a cell, enter the token."/>
      </bt:LongStrings>
    </Resources>
  </VersionOverrides>
</OfficeApp>
"""


def manifest_xml(context: PageContext) -> bytes:
    """Return the manifest for the address that the workspace is served at; its id is the same each time."""
    at = {key: quoteattr(f"{context.base_url}/office/{file}") for key, file in _FILES.items()}
    id = uuid.uuid5(uuid.NAMESPACE_URL, f"{context.base_url}/office/manifest.xml")
    title = quoteattr(f"KPIs: {context.name}"[:125])
    return _TEMPLATE.format(
        id=id, version=_VERSION, title=title, base=escape(context.base_url), namespace=NAMESPACE, **at
    ).encode()


_FILES = {
    "pane": "taskpane.html",
    "functions": "functions.js",
    "metadata": "functions.json",
    "url16": "icon-16.png",
    "url32": "icon-32.png",
    "url64": "icon-64.png",
    "url80": "icon-80.png",
}


def icon(size: int) -> bytes:
    """Return the add-in's picture, three rising bars, as PNG, `size` pixels wide and high."""
    rows = []
    for y in range(size):
        pixels = (_pixel((x + 0.5) / size, (y + 0.5) / size) for x in range(size))
        rows.append(b"\0" + b"".join(pixels))  # 0: a row without a filter
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)  # 8 bits each of red, green, blue and alpha (6)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _pixel(x: float, y: float) -> bytes:
    for left, right, top, colour in _BARS:
        if left <= x < right and top <= y < 0.94:
            return colour
    return _NONE


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
