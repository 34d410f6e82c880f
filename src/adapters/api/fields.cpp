#include "adapters/api/fields.h"

#include "adapters/api/problems.h"
#include "base/text.h"

namespace arrears::api {

namespace json = boost::json;

namespace {

/// A member's name as a step of a JSON pointer (RFC 6901).
std::string step(std::string_view name) {
  std::string text = "/";
  for (const char c : name) {
    if (c == '~') {
      text += "~0";
    } else if (c == '/') {
      text += "~1";
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace

const json::value* Fields::find(std::string_view name) {
  asked_.emplace(name);
  const json::value* value = object_.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

void Fields::refuse(std::string_view name, std::string_view code, std::string_view detail) {
  errors_.push_back({pointer_ + step(name), std::string(code), std::string(detail)});
}

void Fields::wrong_type(std::string_view name, std::string_view wanted) {
  refuse(name, "wrong_type", "This is to be " + std::string(wanted) + ".");
}

Fields& Fields::need(std::string_view name) {
  const json::value* value = find(name);
  if (!value || (value->is_string() && value->get_string().empty()))
    refuse(name, "missing", "This is needed.");
  return *this;
}

Fields& Fields::text(std::string_view name, std::string& into) {
  const json::value* value = find(name);
  if (!value) return *this;
  if (!value->is_string()) {
    wrong_type(name, "a text");
  } else if (!base::is_clean_utf8(std::string_view(value->get_string()))) {
    refuse(name, "not_clean_text", "Send well-formed UTF-8 without NUL.");
  } else {
    into = std::string(value->get_string());
  }
  return *this;
}

Fields& Fields::text(std::string_view name, std::optional<std::string>& into) {
  if (find(name)) text(name, into.emplace());
  return *this;
}

Fields& Fields::texts(std::string_view name, std::vector<std::string>& into) {
  const json::value* value = find(name);
  if (!value) return *this;
  if (!value->is_array()) {
    wrong_type(name, "a list of texts");
    return *this;
  }
  into.clear();
  for (const json::value& element : value->get_array()) {
    if (!element.is_string() || !base::is_clean_utf8(std::string_view(element.get_string()))) {
      wrong_type(name, "a list of texts");
      return *this;
    }
    into.emplace_back(element.get_string());
  }
  return *this;
}

Fields& Fields::texts(std::string_view name, std::optional<std::vector<std::string>>& into) {
  if (find(name)) texts(name, into.emplace());
  return *this;
}

Fields& Fields::flag(std::string_view name, bool& into) {
  const json::value* value = find(name);
  if (!value) return *this;
  value->is_bool() ? void(into = value->get_bool()) : wrong_type(name, "true or false");
  return *this;
}

Fields& Fields::flag(std::string_view name, std::optional<bool>& into) {
  if (find(name)) flag(name, into.emplace());
  return *this;
}

Fields& Fields::whole(std::string_view name, int& into, int low, int high) {
  const json::value* value = find(name);
  if (!value) return *this;
  if (value->is_int64() && low <= value->get_int64() && value->get_int64() <= high) {
    into = static_cast<int>(value->get_int64());
  } else {
    wrong_type(name, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return *this;
}

Fields& Fields::whole(std::string_view name, std::optional<int>& into, int low, int high) {
  if (find(name)) whole(name, into.emplace(), low, high);
  return *this;
}

Fields& Fields::day(std::string_view name, std::optional<calendar::Date>& into) {
  const json::value* value = find(name);
  if (!value) return *this;
  if (value->is_string()) into = calendar::parse_date(std::string_view(value->get_string()));
  if (!into) wrong_type(name, "a day such as 2026-06-01");
  return *this;
}

Fields& Fields::objects(std::string_view name, const std::function<void(Fields&)>& each) {
  const json::value* value = find(name);
  if (!value) return *this;
  if (!value->is_array()) {
    wrong_type(name, "a list");
    return *this;
  }
  std::size_t index = 0;
  for (const json::value& element : value->get_array()) {
    const std::string pointer = pointer_ + step(name) + "/" + std::to_string(index++);
    if (!element.is_object()) {
      errors_.push_back({pointer, "wrong_type", "This is to be an object."});
      continue;
    }
    Fields inner(element.get_object(), pointer, errors_);
    each(inner);
    inner.refuse_unknown();
  }
  return *this;
}

Fields& Fields::object(std::string_view name, const std::function<void(Fields&)>& read) {
  const json::value* value = find(name);
  if (!value) return *this;
  if (!value->is_object()) {
    wrong_type(name, "an object");
    return *this;
  }
  Fields inner(value->get_object(), pointer_ + step(name), errors_);
  read(inner);
  inner.refuse_unknown();
  return *this;
}

void Fields::refuse_unknown() {
  for (const auto& [name, value] : object_)
    if (!asked_.contains(name)) refuse(name, "unknown_field", "There is no such field.");
}

void Fields::finish() {
  refuse_unknown();
  if (errors_.empty()) return;
  throw Stop({.status = 422,
              .code = "request.fields_invalid",
              .title = {},
              .detail = "Some fields of the request are not right; see `errors`.",
              .errors = errors_});
}

}  // namespace arrears::api
