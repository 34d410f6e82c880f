import { type FormEvent, useState } from "react";
import { post, setCsrfToken } from "../../api/client";
import { queryClient } from "../../api/queries";
import type { Session } from "../../api/types";
import { t } from "../../texts";
import { fieldProblem, problemText } from "../../texts/problems";
import { Button, Field, Note } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { LanguageSwitch } from "./sign-in";

type Company = "demo" | "none";
const shortestPassword = 12;

/** The first person is the admin; the demo company shows everything at once. */
export function FirstRun({ demoOffered }: { demoOffered: boolean }) {
  const [values, setValues] = useState({ name: "", login: "", password: "" });
  const [company, setCompany] = useState<Company>(demoOffered ? "demo" : "none");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await post("/setup", { ...values, demo: company === "demo" });
      const session = await post<Session>("/session", {
        login: values.login, password: values.password,
      });
      setCsrfToken(session.csrf_token);
      queryClient.setQueryData(["session"], session);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  const errorOf = (field: string) => {
    const problem = fieldProblem(error, field);
    return problem ? { error: problem } : {};
  };
  const set = (name: keyof typeof values) => (event: { target: { value: string } }) =>
    setValues({ ...values, [name]: event.target.value });
  return (
    <main className="gate">
      <form className="form" onSubmit={submit}>
        <p className="brand"><Icon name="logo" />Arrears</p>
        <div>
          <h1 className="h1">{t("setup.title")}</h1>
          <p className="t2">{t("setup.text")}</p>
        </div>
        <Field label={t("setup.name")} {...errorOf("name")}>
          {(field) => (
            <input {...field} autoFocus required autoComplete="name" value={values.name}
              onChange={set("name")} />
          )}
        </Field>
        <Field label={t("signin.login")} {...errorOf("login")}>
          {(field) => (
            <input {...field} required autoComplete="username" autoCapitalize="none"
              spellCheck={false} value={values.login} onChange={set("login")} />
          )}
        </Field>
        <Field label={t("signin.password")} hint={t("setup.password_hint", { count: shortestPassword })}
          {...errorOf("password")}>
          {(field) => (
            <input {...field} required type="password" minLength={shortestPassword}
              autoComplete="new-password" value={values.password} onChange={set("password")} />
          )}
        </Field>
        {demoOffered && <fieldset className="plain tight">
          <legend className="label">{t("setup.company")}</legend>
          {(["demo", "none"] as const).map((choice) => (
            <label key={choice} className={`key${company === choice ? " on" : ""}`}>
              <input type="radio" name="company" className="vh" checked={company === choice}
                onChange={() => setCompany(choice)} />
              <span>{t(`setup.company_${choice}`)}</span>
            </label>
          ))}
        </fieldset>}
        {error !== null && <Note tone="bad" icon="err">{problemText(error)}</Note>}
        <Button submit kind="primary" disabled={busy}>
          {t(busy ? "setup.busy" : "setup.submit")}
        </Button>
        <LanguageSwitch />
      </form>
      <div className="aside">
        <ol className="promises tight">
          <li><b className="b">{t("setup.step_1")}</b><p className="t2">{t("setup.step_1_text")}</p></li>
          <li><b className="b">{t("setup.step_2")}</b><p className="t2">{t("setup.step_2_text")}</p></li>
          <li><b className="b">{t("setup.step_3")}</b><p className="t2">{t("setup.step_3_text")}</p></li>
        </ol>
      </div>
    </main>
  );
}
