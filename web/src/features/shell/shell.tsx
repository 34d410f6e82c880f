import { type ReactNode, useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { change, setCsrfToken, whenReachable } from "../../api/client";
import { noteChanges } from "../../api/changes";
import { useServerClock } from "../../api/clock";
import { useLive } from "../../api/live";
import { fullDay } from "../../texts/format";
import { currentLanguage, setLanguage, t } from "../../texts";
import { Button, Note } from "../../ui/controls";
import { Icon, type IconName } from "../../ui/icon";
import { Kbd, scopeRank, useCommands } from "../../ui/keys";
import { MenuButton } from "../../ui/menu";
import { Link, navigate, useLocation } from "../../ui/router";
import { setTheme, theme, useDark } from "../../ui/theme";
import { Toasts } from "../../ui/toast";
import { OutboxNotice } from "../call/outbox-notice";
import { useMe, useRoom } from "../session/me";
import { BusinessDate } from "./business-date";
import { KeyHelp } from "./key-help";
import { Palette } from "./palette";

interface Room { path: string; label: string; icon: IconName; keys: string; under?: string[] }

/** The rooms that this person can enter, in the order of the rail. */
function useRooms(): Room[] {
  const { can } = useMe();
  const rooms: (Room | false)[] = [
    { path: "worklist", label: t("room.worklist"), icon: "list", keys: "g w" },
    { path: "customers", label: t("room.customers"), icon: "users", keys: "g c" },
    { path: "promises", label: t("room.promises"), icon: "promise", keys: "g p" },
    { path: "disputes", label: t("room.disputes"), icon: "scale", keys: "g d" },
    { path: "aging", label: t("room.aging"), icon: "aging", keys: "g a" },
    { path: "team", label: t("room.team"), icon: "gauge", keys: "g t", under: ["calls", "metrics"] },
    can("import") && { path: "import", label: t("room.import"), icon: "upload", keys: "g u" },
  ];
  return rooms.filter((room) => room !== false);
}

const below: { path: string; label: () => string; keys: string }[] = [
  { path: "calls", label: () => t("room.calls"), keys: "g l" },
  { path: "metrics", label: () => t("room.metrics"), keys: "g m" },
  { path: "settings", label: () => t("room.settings"), keys: "g ," },
];

export function Shell({ children }: { children: ReactNode }) {
  const { entity } = useMe();
  const room = useRoom();
  const rooms = useRooms();
  const [open, setOpen] = useState<"palette" | "keys" | "date" | null>(null);
  const [reachable, setReachable] = useState(true);
  const client = useQueryClient();
  useServerClock();
  const live = useLive(entity.entity, (what) => {
    if (!what?.customers) {
      void client.invalidateQueries({ queryKey: ["entity", entity.entity] });
      return;
    }
    for (const customer of what.customers) {
      void client.invalidateQueries({ queryKey: ["entity", entity.entity, "customers", customer] });
    }
    void client.invalidateQueries({ queryKey: ["entity", entity.entity, "progress"] });
    noteChanges(what.customers);
  });
  useEffect(() => whenReachable(setReachable), []);
  useCommands(t("keys.app"), scopeRank.app, [
    { id: "palette", keys: ["Ctrl+k"], label: t("command.palette"), run: () => setOpen("palette"),
      keyOnly: true },
    { id: "keys", keys: ["?"], label: t("command.keys"), run: () => setOpen("keys") },
    { id: "date", keys: ["Shift+B"], label: t("command.date"), run: () => setOpen("date") },
    ...[...rooms, ...below].map((one) => ({
      id: `go-${one.path}`,
      keys: [one.keys],
      label: t("command.go", { room: typeof one.label === "string" ? one.label : one.label() }),
      run: () => navigate(room(one.path)),
    })),
    { id: "pane", keys: ["F6"], label: t("command.next_pane"), run: () => nextPane(1), keyOnly: true },
    { id: "pane-back", keys: ["Shift+F6"], label: t("command.previous_pane"),
      run: () => nextPane(-1), keyOnly: true },
    { id: "back", keys: ["Escape"], label: t("command.back"), run: () => {}, keyOnly: true },
    { id: "theme", label: t("command.theme"), run: () => setTheme(theme() === "dark" ? "light" : "dark") },
  ]);
  const close = () => setOpen(null);
  return (
    <div className="app">
      <a className="skip btn" href="#main">{t("shell.skip")}</a>
      <Rail rooms={rooms} onKeys={() => setOpen("keys")} />
      <Top live={live} onFind={() => setOpen("palette")} onDate={() => setOpen("date")} />
      <main className="main" id="main" tabIndex={-1}>
        {!reachable && (
          <div className="offline">
            <Note tone="warn" icon="plug" live>{t("state.offline_long")}</Note>
          </div>
        )}
        {children}
      </main>
      {open === "palette" && <Palette onClose={close} />}
      {open === "keys" && <KeyHelp onClose={close} />}
      {open === "date" && <BusinessDate onClose={close} />}
      <OutboxNotice />
      <Toasts />
    </div>
  );
}

/** Panes are landmarks with a name; F6 goes round them. */
function nextPane(step: number) {
  const panes = [...document.querySelectorAll<HTMLElement>(
    "nav.rail, header.top, [data-pane]")].filter((pane) => pane.offsetParent !== null);
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + step + panes.length) % panes.length];
  if (!next) return;
  const first = next.querySelector<HTMLElement>("a, button, input, [tabindex='0']");
  (first ?? next).focus();
}

function Rail({ rooms, onKeys }: { rooms: Room[]; onKeys: () => void }) {
  const room = useRoom();
  const { path } = useLocation();
  const here = path.split("/")[3] ?? "";
  const shown = (keys: string) => keys.toUpperCase();
  return (
    <nav className="rail" aria-label={t("shell.rooms")}>
      <Link to={room("worklist")} className="logo" label={t("shell.home")}><Icon name="logo" /></Link>
      {rooms.map((one) => (
        <Link key={one.path} to={room(one.path)} label={one.label}
          title={`${one.label} (${shown(one.keys)})`}
          current={one.path === here || (one.under?.includes(here) ?? false)}>
          <Icon name={one.icon} />
        </Link>
      ))}
      <span className="sp" />
      <button type="button" onClick={onKeys} aria-label={t("command.keys")}
        title={`${t("command.keys")} (?)`}><Icon name="kb" /></button>
      <Link to={room("settings")} label={t("room.settings")} title={`${t("room.settings")} (G ,)`}
        current={here === "settings"}><Icon name="cog" /></Link>
    </nav>
  );
}

function Top({ live, onFind, onDate }: { live: boolean; onFind: () => void; onDate: () => void }) {
  const { session, entity } = useMe();
  const client = useQueryClient();
  const dark = useDark();
  async function signOut() {
    await change("DELETE", "/session");
    setCsrfToken("");
    client.clear();
    window.location.assign("/");
  }
  return (
    <header className="top">
      {session.entities.length > 1 ? (
        <MenuButton className="btn quiet entity" label={t("shell.entity")}
          entries={session.entities.map((one) => ({
            label: one.name,
            checked: one.entity === entity.entity,
            run: () => navigate(`/e/${encodeURIComponent(one.entity)}/worklist`),
          }))}>
          <span className="b el">{entity.name}</span><Icon name="down" small />
        </MenuButton>
      ) : <span className="b el entity">{entity.name}</span>}
      <Button small icon="cal" onClick={onDate} title={`${t("command.date")} (⇧ B)`}>
        <span className="tn">{fullDay(entity.today)}</span>
      </Button>
      <span className="sp" />
      <button type="button" className="find" onClick={onFind} aria-keyshortcuts="Control+K">
        <Icon name="search" /><span className="el">{t("shell.find")}</span><Kbd keys="Ctrl+k" />
      </button>
      <span className="sp" />
      <span className={`live hide-s${live ? "" : " off"}`}
        title={t(live ? "shell.live_title" : "shell.not_live_title")}>
        {t(live ? "shell.live" : "shell.not_live")}
      </span>
      <Button kind="quiet" iconOnly icon="moon" aria-label={t("command.theme")}
        title={t("command.theme")} onClick={() => setTheme(dark ? "light" : "dark")} />
      <MenuButton className="avatar" label={t("shell.person", {
          name: session.name, initials: initials(session.name),
        })}
        title={session.name}
        entries={[
          { label: t("theme.light"), checked: theme() === "light", run: () => setTheme("light") },
          { label: t("theme.dark"), checked: theme() === "dark", run: () => setTheme("dark") },
          { label: t("theme.system"), checked: theme() === "system", run: () => setTheme("system") },
          null,
          { label: "English", checked: currentLanguage() === "en", run: () => void setLanguage("en") },
          { label: "Deutsch", checked: currentLanguage() === "de", run: () => void setLanguage("de") },
          null,
          { label: t("shell.sign_out"), icon: "lock", run: () => void signOut() },
        ]}>
        {initials(session.name)}
      </MenuButton>
    </header>
  );
}

function initials(name: string): string {
  return name.split(" ").map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
}
