import * as Ariakit from "@ariakit/react";
import { type ReactNode } from "react";
import { Icon, type IconName } from "./icon";

export interface MenuEntry { label: string; icon?: IconName; run: () => void; checked?: boolean }

/** A button with a menu below it, by the ARIA pattern. A null entry is a line between groups. */
export function MenuButton({ label, className, entries, children, title }: {
  label?: string;
  title?: string;
  className: string;
  entries: (MenuEntry | null)[];
  children: ReactNode;
}) {
  const menu = Ariakit.useMenuStore({ placement: "bottom-start" });
  return (
    <>
      <Ariakit.MenuButton store={menu} className={className} aria-label={label} title={title}>
        {children}
      </Ariakit.MenuButton>
      <Ariakit.Menu store={menu} gutter={4} className="menu" portal>
        {entries.map((entry, index) => entry === null
          ? <Ariakit.MenuSeparator key={index} />
          : (
            <Ariakit.MenuItem key={index} onClick={entry.run}>
              <Icon name={entry.checked ? "check" : (entry.icon ?? "dot")} small
                className={entry.checked || entry.icon ? "" : "gone"} />
              {entry.label}
            </Ariakit.MenuItem>
          ))}
      </Ariakit.Menu>
    </>
  );
}
