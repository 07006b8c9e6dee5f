; The installer for Windows (Inno Setup 6.3 or newer). packaging/installers.py calls it and gives it, by /D:
;   Version, Numbers   as '1.2.3rc1' and '1.2.3.0'
;   Bundle             the folder that PyInstaller made
;   Icon               the .ico file
;   Associations       the file with the lines of [Registry] for the suffixes of documents
; It installs for one user, without the rights of an administrator, and never touches what the user keeps in QADesk.

[Setup]
AppId={{51ECAE7F-C11F-413C-8AE2-92554628D3AD}
AppName=QADesk
AppVersion={#Version}
AppPublisher=QADesk
VersionInfoVersion={#Numbers}
PrivilegesRequired=lowest
DefaultDirName={autopf}\QADesk
DisableProgramGroupPage=yes
LicenseFile=..\..\LICENSE
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\qadesk-window.exe
OutputBaseFilename=qadesk-{#Version}-windows-x64-setup
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; Qt 6.11 runs from Windows 10 version 1809 on.
MinVersion=10.0.17763
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
; qadesk/ui/shell/on_windows.py says so while a window is open: then the user is asked to close it first.
AppMutex=QADesk.Window

[Tasks]
Name: "openwith"; Description: "Offer QADesk in 'Open with' for text, web pages, PDF, office documents, e-books, mail and pictures"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "Make the command 'qadesk' known to the terminal (PATH)"; Flags: unchecked

[InstallDelete]
; Of an older version nothing may be left among the new files.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\QADesk"; Filename: "{app}\qadesk-window.exe"; Comment: "Ask your own documents, offline"
Name: "{autodesktop}\QADesk"; Filename: "{app}\qadesk-window.exe"; Tasks: desktopicon

[Registry]
; A kind of document that QADesk opens. The program that opens a file by a double click stays what it is.
Root: HKCU; Subkey: "Software\Classes\QADesk.Document"; ValueType: string; ValueData: "Document"; Flags: uninsdeletekey; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\QADesk.Document\shell\open"; ValueType: string; ValueName: "FriendlyAppName"; ValueData: "QADesk"; Tasks: openwith
Root: HKCU; Subkey: "Software\Classes\QADesk.Document\shell\open\command"; ValueType: string; ValueData: """{app}\qadesk-window.exe"" ""%1"""; Tasks: openwith
; A line for each suffix of a document format.
#include Associations

[Run]
Filename: "{app}\qadesk-window.exe"; Description: "{cm:LaunchProgram,QADesk}"; Flags: nowait postinstall skipifsilent

[Code]
function UserPath(): String;
begin
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Result) then
    Result := '';
end;

{ Where our folder stands in Path, between semicolons: 0 if nowhere. }
function PlaceIn(Path: String): Integer;
begin
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', Uppercase(Path));
end;

procedure AddToPath();
var
  Path: String;
begin
  Path := UserPath();
  if PlaceIn(';' + Path + ';') > 0 then
    exit;
  if (Path <> '') and (Path[Length(Path)] <> ';') then
    Path := Path + ';';
  RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Path + ExpandConstant('{app}'));
end;

procedure RemoveFromPath();
var
  Path: String;
  Place: Integer;
begin
  Path := ';' + UserPath() + ';';
  Place := PlaceIn(Path);
  if Place = 0 then
    exit;
  Delete(Path, Place, Length(ExpandConstant('{app}')) + 1);
  RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Copy(Path, 2, Length(Path) - 2));
end;

{ The user's documents, questions, labels and models stay, unless the user says otherwise; without asking they stay. }
procedure OfferToDeleteData();
var
  Data: String;
begin
  Data := ExpandConstant('{localappdata}\qadesk');
  if UninstallSilent() or not DirExists(Data) then
    exit;
  if SuppressibleMsgBox('Delete your questions, labels and fine-tuned models too?' + #13#10#13#10 +
      'They are kept in ' + Data + '. Keep them if you may install QADesk again.',
      mbConfirmation, MB_YESNO or MB_DEFBUTTON2, IDNO) = IDYES then
    DelTree(Data, True, True, True);
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if (CurStep = ssPostInstall) and WizardIsTaskSelected('path') then
    AddToPath();
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usUninstall then
    RemoveFromPath();
  if CurUninstallStep = usPostUninstall then
    OfferToDeleteData();
end;
