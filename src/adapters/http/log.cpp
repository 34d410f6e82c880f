#include "adapters/http/log.h"

#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <iterator>
#include <mutex>

#include "adapters/http/response.h"

namespace arrears::http {
namespace {

constexpr std::size_t lines_waiting_max = 8192;

class FunctionSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit FunctionSink(Log::Sink write_line) : sink_(std::move(write_line)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    std::string_view text(line.data(), line.size());
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    sink_(text);
  }
  void flush_() override {}

 private:
  Log::Sink sink_;
};

spdlog::level::level_enum to_spdlog(Log::Level level) {
  switch (level) {
    case Log::Level::debug:
      return spdlog::level::debug;
    case Log::Level::info:
      return spdlog::level::info;
    case Log::Level::warning:
      return spdlog::level::warn;
    case Log::Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

void prepare(spdlog::logger& logger, Log::Level lowest) {
  logger.set_level(to_spdlog(lowest));
  logger.set_formatter(std::make_unique<spdlog::pattern_formatter>(
      R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})", spdlog::pattern_time_type::utc));
}

}  // namespace

struct Log::Parts {
  std::shared_ptr<spdlog::details::thread_pool> writer;  ///< none: lines are written at once
  std::shared_ptr<spdlog::logger> logger;
};

Log::Log(Level lowest) : parts_(std::make_unique<Parts>()) {
  parts_->writer = std::make_shared<spdlog::details::thread_pool>(lines_waiting_max, 1);
  parts_->logger = std::make_shared<spdlog::async_logger>(
      "arrears", std::make_shared<spdlog::sinks::stderr_sink_mt>(), parts_->writer,
      spdlog::async_overflow_policy::overrun_oldest);
  prepare(*parts_->logger, lowest);
}

Log::Log(Sink sink, Level lowest) : parts_(std::make_unique<Parts>()) {
  parts_->logger =
      std::make_shared<spdlog::logger>("arrears", std::make_shared<FunctionSink>(std::move(sink)));
  prepare(*parts_->logger, lowest);
}

Log::~Log() = default;

void Log::request(const RequestLine& line) {
  parts_->logger->info(
      R"("event":"request","id":{},"route":{},"method":{},"status":{},"micros":{},)"
      R"("bytes_in":{},"bytes_out":{})",
      json_quote(line.id), json_quote(line.route), json_quote(line.method), line.status,
      line.micros, line.bytes_in, line.bytes_out);
}

void Log::event(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string text = "\"event\":" + json_quote(event);
  for (const auto& [name, value] : fields)
    fmt::format_to(std::back_inserter(text), ",{}:{}", json_quote(name), json_quote(value));
  parts_->logger->log(to_spdlog(level), "{}", text);
}

}  // namespace arrears::http
