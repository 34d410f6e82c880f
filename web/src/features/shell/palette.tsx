import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useSearch } from "../../api/queries";
import type { SearchHit } from "../../api/types";
import { t } from "../../texts";
import { Dialog } from "../../ui/dialog";
import { Icon, type IconName } from "../../ui/icon";
import { type Command, Kbd, useActiveCommands } from "../../ui/keys";
import { navigate } from "../../ui/router";
import { useMe } from "../session/me";

interface Entry {
  id: string;
  group: string;
  icon: IconName;
  title: string;
  more?: string;
  hit?: SearchHit;
  command?: Command;
  run: () => void;
}

const icons: Record<SearchHit["kind"], IconName> = {
  customer: "users", document: "doc", payment: "cash", promise: "promise",
};

/** Without accents and case: "akerstrom" finds Åkerström. */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** One entry for going, finding and doing; it shows the key, so that next time it is not needed. */
export function Palette({ onClose }: { onClose: () => void }) {
  const { entity } = useMe();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  // Taken once: while the palette is open its own scope covers the page's.
  const groups = useActiveCommands();
  const commands = useMemo(() => groups.flatMap((group) => group.commands), [groups]);
  const search = useSearch(entity.entity, text);

  const entries = useMemo(() => {
    const found: Entry[] = text.trim().length > 1
      ? (search.data?.items ?? []).map((hit) => ({
          id: `${hit.entity}-${hit.kind}-${hit.customer}-${hit.number}`,
          group: t("palette.found"),
          icon: icons[hit.kind],
          title: hit.kind === "customer" ? hit.name : hit.number,
          more: hit.kind === "customer" ? hit.customer : hit.name,
          hit,
          run: () => navigate(
            `/e/${encodeURIComponent(hit.entity)}/customers/${encodeURIComponent(hit.customer)}` +
            (hit.kind === "document" ? `?item=${encodeURIComponent(hit.number)}` : "")),
        }))
      : [];
    const words = plain(text).split(/\s+/).filter(Boolean);
    const doable: Entry[] = commands
      .filter((command) => !command.keyOnly && !command.disabled)
      .filter((command) => words.every((word) => plain(command.label).includes(word)))
      .map((command) => ({
        id: command.id, group: t("palette.commands"), icon: "right", title: command.label,
        command, run: command.run,
      }));
    return [...found, ...doable].slice(0, 40);
  }, [text, search.data, commands]);

  const chosen = entries[Math.min(at, entries.length - 1)];
  function run(entry: Entry | undefined) {
    if (!entry) return;
    onClose();
    // After the dialog has given the focus back, for the command may move it.
    window.setTimeout(entry.run);
  }
  function onKey(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(entries.length - 1, at + step));
      setAt(next);
      list.current?.children.item(0)?.parentElement?.querySelector(`[data-at="${next}"]`)
        ?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(chosen);
    }
  }
  return (
    <Dialog className="palette" onClose={onClose} closeLabel={t("action.close")}>
      <div className="q">
        <Icon name="search" />
        <input autoFocus role="combobox" aria-expanded="true" aria-controls="palette-list"
          aria-label={t("shell.find")} placeholder={t("shell.find")} value={text}
          aria-activedescendant={chosen ? `palette-${chosen.id}` : undefined}
          onKeyDown={onKey} onChange={(event) => { setText(event.target.value); setAt(0); }} />
        <kbd>Esc</kbd>
      </div>
      <div role="listbox" id="palette-list" ref={list} aria-label={t("palette.results")}>
        {entries.length === 0 && <p className="empty t2">{t("palette.nothing")}</p>}
        {entries.map((entry, index) => (
          <div key={entry.id} role="presentation">
            {entries[index - 1]?.group !== entry.group && (
              <p className="gh" role="presentation">{entry.group}</p>
            )}
            <div role="option" id={`palette-${entry.id}`} data-at={index}
              aria-selected={entry === chosen} className={`it${entry === chosen ? " on" : ""}`}
              onClick={() => run(entry)} onMouseMove={() => { if (at !== index) setAt(index); }}>
              <Icon name={entry.icon} />
              <span className="el"><Marked text={entry.title} words={text} /></span>
              {entry.more && <span className="el t2"><Marked text={entry.more} words={text} /></span>}
              <span className="sp" />
              {entry.command?.keys?.[0] && <Kbd keys={entry.command.keys[0]} />}
            </div>
          </div>
        ))}
      </div>
    </Dialog>
  );
}

/** The part that was looked for stands out. */
function Marked({ text, words }: { text: string; words: string }) {
  const word = plain(words).split(/\s+/).find((one) => one && plain(text).includes(one));
  if (!word || plain(text).length !== text.length) return <>{text}</>;
  const from = plain(text).indexOf(word);
  return (
    <>
      {text.slice(0, from)}<mark>{text.slice(from, from + word.length)}</mark>
      {text.slice(from + word.length)}
    </>
  );
}
