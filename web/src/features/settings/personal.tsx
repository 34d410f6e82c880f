import { useState } from "react";
import { change, idempotencyKey, post } from "../../api/client";
import { queryClient } from "../../api/queries";
import { currentLanguage, type Language, setLanguage, t } from "../../texts";
import { fieldProblem, problemText } from "../../texts/problems";
import { Button, Checkbox, Field, Note, Seg } from "../../ui/controls";
import { setSingleKeys, singleKeysOn } from "../../ui/keys";
import { density, setDensity, setTheme, theme } from "../../ui/theme";
import { toast } from "../../ui/toast";
import { useMe } from "../session/me";

export function Appearance() {
  const [, redraw] = useState(0);
  const [single, setSingle] = useState(singleKeysOn());
  const again = () => redraw((count) => count + 1);
  return (
    <section className="card" aria-label={t("settings.appearance")}>
      <header><h2 className="h2">{t("settings.appearance")}</h2></header>
      <div className="body stack">
        <Seg label={t("command.theme")} value={theme()} onChange={(value) => { setTheme(value); again(); }}
          options={[
            { value: "light", label: t("theme.light") }, { value: "dark", label: t("theme.dark") },
            { value: "system", label: t("theme.system") },
          ]} />
        <Seg label={t("settings.density")} value={density()}
          onChange={(value) => { setDensity(value); again(); }} options={[
            { value: "compact", label: t("settings.compact") },
            { value: "comfortable", label: t("settings.comfortable") },
          ]} />
        <Seg<Language> label={t("settings.language")} value={currentLanguage()}
          onChange={(value) => void setLanguage(value)} options={[
            { value: "en", label: "English" }, { value: "de", label: "Deutsch" },
          ]} />
        <label className="row">
          <Checkbox checked={single} onChange={(event) => {
            setSingle(event.target.checked);
            setSingleKeys(event.target.checked);
          }} />
          {t("keys.single")}
        </label>
      </div>
    </section>
  );
}

export function Password() {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  async function save() {
    setError(null);
    try {
      await post("/session/password", { current, password }, idempotencyKey());
      setCurrent("");
      setPassword("");
      toast(t("settings.password_changed"));
    } catch (failure) {
      setError(failure);
    }
  }
  const wrong = fieldProblem(error, "password");
  return (
    <section className="card" aria-label={t("signin.password")}>
      <header><h2 className="h2">{t("signin.password")}</h2></header>
      <form className="body stack" onSubmit={(event) => { event.preventDefault(); void save(); }}>
        <Field label={t("settings.password_now")}>
          {(field) => <input {...field} type="password" autoComplete="current-password" required
            value={current} onChange={(event) => setCurrent(event.target.value)} />}
        </Field>
        <Field label={t("settings.password_new")} {...(wrong ? { error: wrong } : {})}>
          {(field) => <input {...field} type="password" autoComplete="new-password" required
            value={password} onChange={(event) => setPassword(event.target.value)} />}
        </Field>
        {error !== null && !wrong && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
        <div className="row"><Button submit>{t("settings.password_change")}</Button></div>
      </form>
    </section>
  );
}

interface Secret { secret: string; uri: string }

export function SecondStep() {
  const { session } = useMe();
  const [secret, setSecret] = useState<Secret | null>(null);
  const [code, setCode] = useState("");
  const [error, setError] = useState<unknown>(null);
  async function run(action: () => Promise<unknown>) {
    setError(null);
    try {
      await action();
      await queryClient.invalidateQueries({ queryKey: ["session"] });
    } catch (failure) {
      setError(failure);
    }
  }
  return (
    <section className="card" aria-label={t("signin.second_step")}>
      <header><h2 className="h2">{t("signin.second_step")}</h2></header>
      <div className="body stack">
        <p className="t2">{t(session.totp ? "settings.totp_on" : "settings.totp_off")}</p>
        {session.totp ? (
          <div className="row"><Button kind="danger" onClick={() =>
            void run(() => change("DELETE", "/session/totp"))}>{t("settings.totp_remove")}</Button></div>
        ) : secret ? (
          <form className="stack" onSubmit={(event) => {
            event.preventDefault();
            void run(() => post("/session/totp/confirmation", { code: code.trim() }, idempotencyKey()));
          }}>
            <p>{t("settings.totp_add")} <code className="secret">{secret.secret}</code></p>
            <Field label={t("signin.code")}>
              {(field) => <input {...field} autoFocus inputMode="numeric" autoComplete="one-time-code"
                value={code} onChange={(event) => setCode(event.target.value)} />}
            </Field>
            <div className="row"><Button submit kind="primary">{t("settings.totp_confirm")}</Button></div>
          </form>
        ) : (
          <div className="row"><Button onClick={() => void run(async () => {
            setSecret(await post<Secret>("/session/totp", {}, idempotencyKey()));
          })}>{t("settings.totp_begin")}</Button></div>
        )}
        {error !== null && <Note tone="bad" icon="err" live>{problemText(error)}</Note>}
      </div>
    </section>
  );
}
