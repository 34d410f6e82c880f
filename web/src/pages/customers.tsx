import type { ColumnDef } from "@tanstack/react-table";
import { useEffect, useMemo, useRef, useState } from "react";
import { useCustomers } from "../api/queries";
import type { CustomerLine } from "../api/types";
import { useMe, useRoom } from "../features/session/me";
import { day } from "../texts/format";
import { t, tCode } from "../texts";
import { Icon } from "../ui/icon";
import { scopeRank, useCommands } from "../ui/keys";
import { navigate, setQuery, useLocation } from "../ui/router";
import { Empty, Failed, Skeleton } from "../ui/states";
import { DataTable } from "../ui/table";

/** All customers of the entity that this person may see, found by name or number. */
export default function CustomersPage() {
  const { entity } = useMe();
  const room = useRoom();
  const { query } = useLocation();
  const search = query.get("search") ?? "";
  const [typed, setTyped] = useState(search);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const timer = window.setTimeout(() => setQuery({ search: typed }), 150);
    return () => window.clearTimeout(timer);
  }, [typed]);
  useCommands(t("keys.page"), scopeRank.page, [
    { id: "search", keys: ["/"], label: t("command.filter"), run: () => field.current?.focus() },
  ]);
  const read = useCustomers(entity.entity, { search });
  const rows = useMemo(() => read.data?.pages.flatMap((page) => page.items) ?? [], [read.data]);
  const columns = useMemo<ColumnDef<CustomerLine>[]>(() => [
    { accessorKey: "customer", header: t("field.number"), meta: { className: "tn" } },
    { accessorKey: "name", header: t("field.name"), meta: { wide: true } },
    { id: "segment", header: t("field.segment"), accessorFn: (row) => tCode("segment", row.segment) },
    { accessorKey: "country", header: t("field.country") },
    { accessorKey: "collector", header: t("field.collector") },
    { id: "since", header: t("field.since"), accessorFn: (row) => row.since ?? "",
      cell: ({ row }) => day(row.original.since ?? ""), meta: { className: "tn t2" } },
  ], []);
  return (
    <div className="page fill">
      <div className="pagehead">
        <h1 className="h1">{t("room.customers")}</h1>
        <span className="in search">
          <Icon name="search" small />
          <input ref={field} autoFocus type="search" aria-label={t("customers.search")}
            placeholder={t("customers.search")} value={typed}
            onChange={(event) => setTyped(event.target.value)} />
          <kbd>/</kbd>
        </span>
      </div>
      <section className="card fill" data-pane>
        {read.error && !read.data ? <Failed error={read.error} onRetry={() => read.refetch()} />
          : read.isPending ? <Skeleton rows={12} />
            : rows.length === 0 ? <Empty icon="search" title={t("customers.none")} />
              : (
                <DataTable label={t("room.customers")} rows={rows} columns={columns}
                  keyOf={(row) => row.customer}
                  onOpen={(row) => navigate(room("customers", row.customer))}
                  onEnd={() => {
                    if (read.hasNextPage && !read.isFetchingNextPage) void read.fetchNextPage();
                  }} />
              )}
      </section>
    </div>
  );
}
