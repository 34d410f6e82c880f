#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "adapters/api/api.h"
#include "adapters/api/events.h"
#include "adapters/formats/csv_import_source.h"
#include "adapters/http/server.h"
#include "adapters/http/static_files.h"
#include "app/demo.h"
#include "app/people.h"
#include "programs/arrears/command_line.h"
#include "programs/arrears/import_files.h"

namespace arrears::embedded {
std::span<const base::EmbeddedFile> web();
}

namespace arrears::cli {

namespace {

constexpr auto look_every = std::chrono::milliseconds(200);
/// Of the people of a demonstration that this command makes: nothing there is worth a secret.
constexpr std::string_view demo_password = "halverne demo desk";

struct ServeOptions {
  http::ServerOptions server;
  std::string web_folder;  ///< empty: the app in the program
  bool demo = false;
};

/// The files of a folder, for work on the web app: read once, at the start.
class WebFolder {
 public:
  explicit WebFolder(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::ostringstream bytes;
      bytes << file.rdbuf();
      contents_.push_back({entry.path().lexically_relative(folder).generic_string(), bytes.str()});
    }
    for (const auto& [name, bytes] : contents_) files_.push_back({name, bytes});
  }
  std::span<const base::EmbeddedFile> files() const { return files_; }

 private:
  std::vector<std::pair<std::string, std::string>> contents_;
  std::vector<base::EmbeddedFile> files_;
};

/// A failure of the storage that passes by itself, or with another attempt.
int status_of_failure(const std::exception& failure) {
  const auto* storage = dynamic_cast<const storage::StorageError*>(&failure);
  if (!storage) return 500;
  switch (storage->problem) {
    case storage::StorageProblem::busy:
    case storage::StorageProblem::retry:
    case storage::StorageProblem::lost:
    case storage::StorageProblem::full:
      return 503;
    default:
      return 500;
  }
}

/// SIGTERM and SIGINT as something to wait for; blocked in all threads that start afterwards.
class StopSignal {
 public:
  StopSignal() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    file_ = signalfd(-1, &signals, SFD_CLOEXEC);
    ARREARS_REQUIRE(file_ >= 0);
  }
  ~StopSignal() { ::close(file_); }
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  void wait() const {
    pollfd waiting{file_, POLLIN, 0};
    while (::poll(&waiting, 1, -1) != 1) {
    }
  }

 private:
  int file_;
};

base::Instant last_checkpoint(storage::DatabaseStore& store, base::Instant fallback) {
  const auto text = store.export_checkpoint();
  return text ? storage::parse_checkpoint_file(*text)->checkpoint.at : fallback;
}

/// The people of the demonstration: those whom its books and calls name, and one for each role.
void add_demo_people(storage::DatabaseStore& store, base::Instant now) {
  const auto caller = [&](std::string_view key) {
    return app::Caller{"demo", "demo-people/" + std::string(key), now, std::nullopt};
  };
  taken(app::set_up(store, caller("admin"), "admin", "Ada Admin", demo_password));
  struct Row {
    std::string login;
    std::string name;
    app::Role role;
  };
  const Row rows[] = {{"anna", "Anna Lindqvist", app::Role::collector},
                      {"ben", "Ben Okafor", app::Role::collector},
                      {"carla", "Carla Romero", app::Role::collector},
                      {"dev", "Dev Patel", app::Role::collector},
                      {"mara", "Mara Vogel", app::Role::manager},
                      {"cleo", "Cleo Hart", app::Role::credit_controller},
                      {"cash", "Cass Hill", app::Role::cash_clerk},
                      {"ada", "Ada Novak", app::Role::accountant},
                      {"audit", "Otto Brandt", app::Role::auditor}};
  for (const Row& row : rows) {
    app::NewPerson person;
    person.login = row.login;
    person.name = row.name;
    person.roles = {row.role};
    person.entities = {std::string(app::demo_entity)};
    person.password = demo_password;
    taken(app::add_person(store, caller(row.login), person));
  }
}

/// Makes the demonstration where the database is empty, and its people where it has none. Whether
/// it is the demonstration's database.
bool make_demo_site(Session& session, const api::SiteClock& wall) {
  const Options& options = session.options();
  base::FixedClock clock(wall.now());
  storage::DatabaseStore store({options.db, options.keys, storage::OpenMode::create, true}, clock);
  if (store.read({})->entities().empty()) {
    Progress progress(options.progress);
    app::DemoOptions demo;
    demo.progress = [&](calendar::Date day) {
      progress.show("making the demonstration", day - app::demo_first_day(),
                    app::demo_last_day() - app::demo_first_day());
    };
    taken(app::make_demo(store, clock, demo));
  }
  // What is recorded now continues the demonstration, not the present.
  clock.set(last_checkpoint(store, clock.now()));
  const auto facts = store.read({});
  if (!app::find_entity(*facts, app::demo_entity)) return false;
  if (app::people_needed(*facts)) add_demo_people(store, clock.now());
  return true;
}

base::Result<std::unique_ptr<app::RecordSource>> open_import_file(
    const std::string& path, const app::ImportOptions& options) {
  auto source = formats::CsvImportSource::open(path, options);
  if (!source) return source.error();
  return std::unique_ptr<app::RecordSource>(std::move(*source));
}

void announce(const http::Server& server, const http::ServerOptions& options, bool is_demo,
              bool needs_set_up) {
  const std::string scheme = options.certificate_file.empty() ? "http" : "https";
  const bool local = options.address == "127.0.0.1" || options.address == "::1";
  std::string text = "Arrears is at " + scheme + "://" + (local ? "localhost" : options.address) +
                     ":" + std::to_string(server.port()) + "\n";
  if (is_demo) {
    text += "Sign in as anna (collector), mara (manager) or admin; the password is \"" +
            std::string(demo_password) + "\".\n";
  }
  if (needs_set_up) text += "Nobody is there yet: open the page to add the first admin.\n";
  print_text(text);
}

void serve(Session& session, const ServeOptions& options) {
  const StopSignal stop_signal;  // before any thread begins
  const base::SystemClock wall;
  api::SiteClock clock(wall);
  const bool is_demo = options.demo && make_demo_site(session, clock);
  storage::DatabaseStore store(
      {session.options().db, session.options().keys, storage::OpenMode::create, false}, clock);
  if (store.is_rehearsal()) clock.start_at(last_checkpoint(store, wall.now()));

  http::Log log;
  http::Metrics metrics;
  api::EventHub events;
  const auto image = session.image_of(store);
  app::PortfolioDesk desk(store, image.get(), {});
  app::ImportDesk imports(store, {open_import_file, describe_import_file});
  api::Site site{
      store,  desk, clock, wall, log, metrics, events, imports, ARREARS_VERSION, status_of_failure,
      nullptr};
  api::Api api(site);
  http::Router router;
  api.add_routes(router);
  std::optional<WebFolder> folder;
  if (!options.web_folder.empty()) folder.emplace(options.web_folder);
  const http::StaticFiles files(folder ? folder->files() : embedded::web());
  router.otherwise("web", [&](const http::Request& request) { return files.answer(request); });

  http::Server server(options.server, std::move(router), log, metrics);
  desk.follow(
      look_every,
      [&](app::Facts& facts, const app::Changes& changes) {
        events.publish(facts, changes, clock.now());
      },
      [&](const std::exception& failure) {
        log.event(http::Log::Level::warning, "journal_not_followed", {{"why", failure.what()}});
      });
  server.start();
  announce(server, options.server, is_demo, app::people_needed(*store.read({})));
  stop_signal.wait();
  events.close();
  server.stop();
  desk.stop();
  desk.keep_image();
}

}  // namespace

void add_serve_command(CommandLine& line) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App& serving = line.add(line.app(), "serve", "Serve the web app and the API until stopped",
                               "serve --db sqlite:site.db --port 8080",
                               [options](Session& session) { serve(session, *options); });
  http::ServerOptions& server = options->server;
  serving.add_option("--address", server.address, "Where to listen")->capture_default_str();
  serving.add_option("--port", server.port, "0: any free one")->capture_default_str();
  serving.add_option("--certificate", server.certificate_file,
                     "TLS: the certificate with its chain, PEM");
  serving.add_option("--certificate-key", server.key_file, "TLS: its key, PEM");
  serving.add_option("--workers", server.workers, "Requests answered at once")
      ->check(CLI::Range(1, 1'024))
      ->capture_default_str();
  serving
      .add_option("--trusted-proxy", server.trusted_proxies,
                  "Proxies whose X-Forwarded-... headers count (default: this host)")
      ->delimiter(',');
  serving
      .add_option("--web", options->web_folder,
                  "Serve the web app from this folder, not the one in the program")
      ->check(CLI::ExistingDirectory);
  serving.add_flag("--demo", options->demo,
                   "Make the demonstration company where the database is empty, and its people");
}

}  // namespace arrears::cli
