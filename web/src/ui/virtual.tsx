import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

/** A long list of which only the visible rows exist. Rows may differ in height. */
export function VirtualList<T>({
  items, estimate, render, keyOf, cursor, onEnd, label, className, before, ordered,
}: {
  items: T[];
  estimate: number;
  render: (item: T, index: number) => ReactNode;
  keyOf: (item: T, index: number) => string;
  /** Kept in view when it changes. */
  cursor?: number;
  /** The end comes in sight. */
  onEnd?: () => void;
  label: string;
  className?: string;
  /** Scrolls with the rows, above them: a table's head. */
  before?: ReactNode;
  ordered?: boolean;
}) {
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => estimate,
    overscan: 8,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item, index);
    },
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && items.length > 0 && last >= items.length - 20) onEnd();
  }, [last, items.length, onEnd]);
  const shown = useRef(-1);
  useEffect(() => {
    if (cursor === undefined || cursor < 0 || cursor === shown.current) return;
    shown.current = cursor;
    virtual.scrollToIndex(cursor, { align: "auto" });
  }, [cursor, virtual]);
  return (
    <div ref={scroll} className={className ?? "scrolly grow"} tabIndex={-1}>
      {before}
      <div className="vrows" role="list" aria-label={label}
        style={{ height: `${virtual.getTotalSize()}px` }}>
        {rows.map((row) => {
          const item = items[row.index];
          if (item === undefined) return null;
          return (
            <div key={row.key} ref={virtual.measureElement} data-index={row.index} role="listitem"
              aria-posinset={ordered ? row.index + 1 : undefined}
              aria-setsize={ordered ? items.length : undefined}
              style={{ transform: `translateY(${row.start}px)` }}>
              {render(item, row.index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
