import type { ColumnDef } from "@tanstack/react-table";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { get, idempotencyKey, post } from "../../api/client";
import { inEntity, useRefresh } from "../../api/queries";
import type { Page, Substitution } from "../../api/types";
import { day } from "../../texts/format";
import { t } from "../../texts";
import { problemText } from "../../texts/problems";
import { Button, Note } from "../../ui/controls";
import { DayField } from "../../ui/day-field";
import { Loaded } from "../../ui/states";
import { DataTable } from "../../ui/table";
import { useMe } from "../session/me";

/** Absence: a collector's customers handed to a substitute for a period. */
export function Substitutions() {
  const { entity } = useMe();
  const refresh = useRefresh(entity.entity);
  const [values, setValues] = useState({
    collector: "", substitute: "", from: entity.today, until: entity.today,
  });
  const [error, setError] = useState<unknown>(null);
  const path = inEntity(entity.entity, "substitutions");
  const read = useQuery({
    queryKey: ["entity", entity.entity, "substitutions"],
    queryFn: ({ signal }) => get<Page<Substitution>>(path, { limit: 500 }, signal),
  });
  async function add() {
    setError(null);
    try {
      await post(path, values, idempotencyKey());
      await refresh("substitutions");
    } catch (failure) {
      setError(failure);
    }
  }
  const columns = useMemo((): ColumnDef<Substitution>[] => [
    { accessorKey: "collector", header: t("settings.absent"), meta: { wide: true } },
    { accessorKey: "substitute", header: t("settings.substitute") },
    { id: "from", header: t("field.from"), accessorFn: (row) => row.from,
      cell: ({ row }) => day(row.original.from), meta: { className: "tn" } },
    { id: "until", header: t("field.until"), accessorFn: (row) => row.until,
      cell: ({ row }) => day(row.original.until), meta: { className: "tn" } },
  ], []);
  const who = (name: "collector" | "substitute", label: string) => (
    <label className="field">
      <span className="label">{label}</span>
      <input className="in" required value={values[name]}
        onChange={(event) => setValues({ ...values, [name]: event.target.value })} />
    </label>
  );
  const when = (name: "from" | "until", label: string) => (
    <div className="field">
      <span className="label">{label}</span>
      <DayField label={label} value={values[name]} businessDate={entity.today}
        onChange={(day) => setValues({ ...values, [name]: day })} />
    </div>
  );
  return (
    <section className="card">
      <form className="body row wrap" onSubmit={(event) => { event.preventDefault(); void add(); }}>
        {who("collector", t("settings.absent"))}
        {who("substitute", t("settings.substitute"))}
        {when("from", t("field.from"))}
        {when("until", t("field.until"))}
        <Button submit icon="plus">{t("action.add")}</Button>
      </form>
      {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
      <Loaded read={read}>
        {(page) => <DataTable label={t("settings.substitutes")} rows={page.items} columns={columns}
          keyOf={(row) => row.substitution_id} />}
      </Loaded>
    </section>
  );
}
