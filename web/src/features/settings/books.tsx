import type { ColumnDef } from "@tanstack/react-table";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { get } from "../../api/client";
import { inEntity } from "../../api/queries";
import type { Book, Page } from "../../api/types";
import { day } from "../../texts/format";
import { t, tCode } from "../../texts";
import { Loaded } from "../../ui/states";
import { DataTable } from "../../ui/table";
import { useMe } from "../session/me";

/** Which collector owns which customers, by rule; the first rule that fits decides. */
export function Books() {
  const { entity } = useMe();
  const read = useQuery({
    queryKey: ["entity", entity.entity, "books"],
    queryFn: ({ signal }) => get<Page<Book>>(inEntity(entity.entity, "books"), { limit: 500 }, signal),
  });
  const columns = useMemo((): ColumnDef<Book>[] => [
    { accessorKey: "priority", header: t("settings.priority"), meta: { numeric: true } },
    { accessorKey: "book", header: t("settings.book") },
    { accessorKey: "collector", header: t("field.collector") },
    { accessorKey: "manager", header: t("settings.manager") },
    { id: "rule", header: t("settings.rule"), meta: { wide: true }, enableSorting: false,
      cell: ({ row: { original: book } }) => [
        ...book.segments.map((one) => tCode("segment", one)), ...book.countries, ...book.numbers,
      ].join(", ") || t("settings.everyone_else") },
    { id: "from", header: t("field.from"), accessorFn: (row) => row.from,
      cell: ({ row }) => day(row.original.from), meta: { className: "tn" } },
    { id: "until", header: t("field.until"), accessorFn: (row) => row.until ?? "",
      cell: ({ row }) => day(row.original.until ?? ""), meta: { className: "tn" } },
  ], []);
  return (
    <section className="card">
      <Loaded read={read}>
        {(page) => <DataTable label={t("settings.books")} rows={page.items} columns={columns}
          keyOf={(row) => `${row.book}${row.from}`} />}
      </Loaded>
    </section>
  );
}
