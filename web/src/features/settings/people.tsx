import type { ColumnDef } from "@tanstack/react-table";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { change, get, idempotencyKey, post } from "../../api/client";
import type { Page, Person } from "../../api/types";
import { t, tCode } from "../../texts";
import { fieldProblem, problemText } from "../../texts/problems";
import { Button, Checkbox, Chip, Field, Note } from "../../ui/controls";
import { Dialog } from "../../ui/dialog";
import { Loaded } from "../../ui/states";
import { DataTable } from "../../ui/table";
import { toast } from "../../ui/toast";
import { useMe } from "../session/me";

const roles: Person["roles"] = [
  "collector", "manager", "credit_controller", "cash_clerk", "accountant", "auditor", "admin",
];

export function People() {
  const [editing, setEditing] = useState<Person | "new" | null>(null);
  const read = useQuery({
    queryKey: ["people"],
    queryFn: ({ signal }) => get<Page<Person>>("/people", { limit: 500 }, signal),
  });
  const columns = useMemo((): ColumnDef<Person>[] => [
    { accessorKey: "login", header: t("signin.login") },
    { accessorKey: "name", header: t("field.name"), meta: { wide: true } },
    { id: "roles", header: t("settings.roles"),
      accessorFn: (row) => row.roles.map((role) => tCode("role", role)).join(", ") },
    { id: "entities", header: t("shell.entity"),
      accessorFn: (row) => row.entities === null ? t("settings.all_entities")
        : (row.entities as string[]).join(", ") },
    { id: "books", header: t("settings.books_of"), accessorFn: (row) => row.collectors.join(", ") },
    { id: "state", header: t("field.state"), enableSorting: false, cell: ({ row }) => (
      <span className="row">
        {!row.original.active && <Chip icon="lock">{t("settings.inactive")}</Chip>}
        {row.original.totp && <Chip icon="shield">{t("signin.second_step")}</Chip>}
      </span>
    ) },
  ], []);
  return (
    <section className="card">
      <header>
        <h2 className="h2">{t("settings.people")}</h2><span className="sp" />
        <Button small icon="plus" onClick={() => setEditing("new")}>{t("action.add")}</Button>
      </header>
      <Loaded read={read}>
        {(page) => (
          <DataTable label={t("settings.people")} rows={page.items} columns={columns}
            keyOf={(row) => row.login} onOpen={setEditing} active={editing === null} />
        )}
      </Loaded>
      {editing && <Edit person={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

function Edit({ person, onClose }: { person: Person | null; onClose: () => void }) {
  const { session } = useMe();
  const client = useQueryClient();
  const [key] = useState(idempotencyKey);
  const [error, setError] = useState<unknown>(null);
  const [login, setLogin] = useState(person?.login ?? "");
  const [name, setName] = useState(person?.name ?? "");
  const [password, setPassword] = useState("");
  const [chosen, setChosen] = useState<Person["roles"]>(person?.roles ?? ["collector"]);
  const [entities, setEntities] = useState<string[] | null>(
    person ? (person.entities as string[] | null) : session.entities.map((one) => one.entity));
  const [active, setActive] = useState(person?.active ?? true);
  const toggle = <T,>(list: T[], value: T) =>
    list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
  async function save() {
    setError(null);
    const body = { name, roles: chosen, entities };
    try {
      if (person) await change("PUT", `/people/${encodeURIComponent(login)}`, { ...body, active }, key);
      else await post("/people", { ...body, login, ...(password ? { password } : {}) }, key);
      if (person && password) {
        await post(`/people/${encodeURIComponent(login)}/password`, { password }, `${key}-password`);
      }
      await client.invalidateQueries({ queryKey: ["people"] });
      toast(t("settings.person_saved", { name: name || login }));
      onClose();
    } catch (failure) {
      setError(failure);
    }
  }
  const wrong = (field: string) => {
    const problem = fieldProblem(error, field);
    return problem ? { error: problem } : {};
  };
  return (
    <Dialog title={person ? person.login : t("settings.new_person")} className="small" onClose={onClose}
      closeLabel={t("action.close")} footer={(
        <Button kind="primary" disabled={!login || chosen.length === 0} onClick={() => void save()}>
          {t("action.save")}
        </Button>
      )}>
      <div className="body">
        {!person && (
          <Field label={t("signin.login")} {...wrong("login")}>
            {(field) => <input {...field} autoFocus autoCapitalize="none" value={login}
              onChange={(event) => setLogin(event.target.value)} />}
          </Field>
        )}
        <Field label={t("field.name")} {...wrong("name")}>
          {(field) => <input {...field} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={person ? t("settings.password_new") : t("signin.password")} {...wrong("password")}>
          {(field) => <input {...field} type="password" autoComplete="new-password" value={password}
            onChange={(event) => setPassword(event.target.value)} />}
        </Field>
        <fieldset className="plain tight">
          <legend className="label">{t("settings.roles")}</legend>
          {roles.map((role) => (
            <label key={role} className="row">
              <Checkbox checked={chosen.includes(role)}
                onChange={() => setChosen(toggle(chosen, role))} />
              {tCode("role", role)}<span className="s t3">{tCode("role_text", role)}</span>
            </label>
          ))}
        </fieldset>
        <fieldset className="plain tight">
          <legend className="label">{t("shell.entity")}</legend>
          <label className="row">
            <Checkbox checked={entities === null} onChange={(event) => setEntities(
              event.target.checked ? null : session.entities.map((one) => one.entity))} />
            {t("settings.all_entities")}
          </label>
          {entities !== null && session.entities.map((one) => (
            <label key={one.entity} className="row">
              <Checkbox checked={entities.includes(one.entity)}
                onChange={() => setEntities(toggle(entities, one.entity))} />
              {one.name}
            </label>
          ))}
        </fieldset>
        {person && (
          <label className="row">
            <Checkbox checked={active} onChange={(event) => setActive(event.target.checked)} />
            {t("settings.may_sign_in")}
          </label>
        )}
        {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
      </div>
    </Dialog>
  );
}
