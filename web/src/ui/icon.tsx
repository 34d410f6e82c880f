import sprite from "./icons.svg?raw";

export type IconName =
  | "aging" | "alert" | "ban" | "bank" | "bell" | "cal" | "cash" | "check" | "clip" | "clock"
  | "cog" | "doc" | "dot" | "down" | "download" | "edit" | "err" | "filter" | "flag" | "gauge"
  | "globe" | "hang" | "inbox" | "info" | "kb" | "key" | "letter" | "list" | "lock" | "logo"
  | "mail" | "mic" | "moon" | "more" | "note" | "ok" | "pause" | "phone" | "pin" | "plan" | "play"
  | "plug" | "plus" | "promise" | "reply" | "right" | "scale" | "search" | "send" | "shield"
  | "star" | "transfer" | "tree" | "undo" | "upload" | "user" | "users" | "x";

/** Always beside a word, or inside a control that has an accessible name. */
export function Icon({ name, small, className }: {
  name: IconName;
  small?: boolean;
  className?: string;
}) {
  return (
    <svg className={`i${small ? " i-s" : ""}${className ? ` ${className}` : ""}`} aria-hidden="true">
      <use href={`#i-${name}`} />
    </svg>
  );
}

/** The drawings, once per page. */
export function IconSprite() {
  return <div hidden dangerouslySetInnerHTML={{ __html: sprite }} />;
}
