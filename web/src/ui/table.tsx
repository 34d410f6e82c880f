import {
  type ColumnDef, flexRender, getCoreRowModel, getSortedRowModel, type RowData, type SortingState,
  useReactTable,
} from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type ReactNode, useEffect, useRef, useState } from "react";
import { t } from "../texts";
import { scopeRank, useCommands } from "./keys";

declare module "@tanstack/react-table" {
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Figures stand right. */
    numeric?: boolean;
    /** Takes what width is left, and is cut at the end. */
    wide?: boolean;
    className?: string;
    /** For the reader's ear, where the head shows a picture. */
    label?: string;
  }
}

const rowHeight = 26;

/**
 * A native table of which only the rows in sight exist. J and K move the cursor, Enter opens; a head
 * sorts. Rows may be followed by others that belong to them.
 */
export function DataTable<T>({
  rows, columns, keyOf, onOpen, onMove, cursorKey, detail, detailRows, footer, label, group, onEnd,
  sorting: first, active = true, initialCursor,
}: {
  rows: T[];
  columns: ColumnDef<T>[];
  keyOf: (row: T) => string;
  onOpen?: (row: T) => void;
  onMove?: (row: T) => void;
  /** The row that is shown elsewhere on the page. */
  cursorKey?: string | undefined;
  /** Rows below an opened one; null where it is closed. */
  detail?: (row: T) => ReactNode;
  detailRows?: (row: T) => number;
  footer?: ReactNode;
  label: string;
  group?: (row: T, before: T | undefined) => ReactNode;
  onEnd?: () => void;
  sorting?: SortingState;
  active?: boolean;
  initialCursor?: number;
}) {
  const scroll = useRef<HTMLDivElement>(null);
  const [sorting, setSorting] = useState<SortingState>(first ?? []);
  const [cursor, setCursor] = useState(initialCursor ?? -1);
  const table = useReactTable({
    data: rows,
    columns,
    state: { sorting },
    onSortingChange: setSorting,
    getRowId: keyOf,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
  });
  const model = table.getRowModel().rows;
  const shown = cursorKey === undefined ? cursor : model.findIndex((row) => row.id === cursorKey);
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => {
      const row = model[index]?.original;
      return rowHeight * (1 + (row && detailRows ? detailRows(row) : 0));
    },
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (onEnd && model.length > 0 && last >= model.length - 30) onEnd();
  }, [last, model.length, onEnd]);

  function move(step: number) {
    const next = Math.max(0, Math.min(model.length - 1, (shown < 0 ? -1 : shown) + step));
    const row = model[next];
    if (!row) return;
    setCursor(next);
    onMove?.(row.original);
    virtual.scrollToIndex(next, { align: "auto" });
  }
  useCommands(t("keys.list"), scopeRank.page, [
    { id: "next", keys: ["j", "ArrowDown"], label: t("command.next"), run: () => move(1), keyOnly: true },
    { id: "previous", keys: ["k", "ArrowUp"], label: t("command.previous"), run: () => move(-1),
      keyOnly: true },
    { id: "first", keys: ["Home"], label: t("command.first"), run: () => move(-model.length),
      keyOnly: true },
    { id: "last", keys: ["End"], label: t("command.last"), run: () => move(model.length), keyOnly: true },
    { id: "open", keys: ["Enter"], label: t("command.open"), keyOnly: true,
      disabled: !onOpen || shown < 0,
      run: () => { const row = model[shown]; if (row) onOpen?.(row.original); } },
  ], { active });

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const width = table.getVisibleLeafColumns().length;
  return (
    <div ref={scroll} className="scrolly grow" tabIndex={0} role="region" aria-label={label}>
      <table className="tbl" aria-rowcount={model.length}>
        <thead>
          {table.getHeaderGroups().map((heads) => (
            <tr key={heads.id}>
              {heads.headers.map((head) => {
                const meta = head.column.columnDef.meta;
                const sorted = head.column.getIsSorted();
                const text = flexRender(head.column.columnDef.header, head.getContext());
                return (
                  <th key={head.id} scope="col"
                    className={`${meta?.numeric ? "n" : ""} ${meta?.className ?? ""}`}
                    aria-sort={sorted === "asc" ? "ascending" : sorted === "desc" ? "descending"
                      : undefined}>
                    {head.column.getCanSort() ? (
                      <button type="button" className="sort" aria-label={meta?.label}
                        onClick={head.column.getToggleSortingHandler()}>
                        {text}{sorted === "asc" ? " ↑" : sorted === "desc" ? " ↓" : ""}
                      </button>
                    ) : text}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden="true"><td colSpan={width} style={{ height: before }} /></tr>}
          {items.map((item) => {
            const row = model[item.index];
            if (!row) return null;
            return (
              <Fragment key={row.id}>
                {group?.(row.original, model[item.index - 1]?.original)}
                <tr aria-rowindex={item.index + 1} onClick={() => {
                  setCursor(item.index);
                  onMove?.(row.original);
                  onOpen?.(row.original);
                }} className={`${item.index === shown ? "cursor" : ""}${onOpen || onMove ? " opens" : ""}`}>
                  {row.getVisibleCells().map((one) => {
                    const meta = one.column.columnDef.meta;
                    return (
                      <td key={one.id} className={[meta?.numeric && "n", meta?.wide && "w",
                        meta?.className].filter(Boolean).join(" ")}>
                        {flexRender(one.column.columnDef.cell, one.getContext())}
                      </td>
                    );
                  })}
                </tr>
                {detail?.(row.original)}
              </Fragment>
            );
          })}
          {after > 0 && <tr aria-hidden="true"><td colSpan={width} style={{ height: after }} /></tr>}
        </tbody>
        {footer && <tfoot>{footer}</tfoot>}
      </table>
    </div>
  );
}

/** Compares decimal strings without making floats of long ones. */
export function byAmount(a: string, b: string): number {
  const [left, right] = [Number(a), Number(b)];
  return left === right ? a.localeCompare(b) : left - right;
}
