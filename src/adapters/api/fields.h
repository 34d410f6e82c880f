#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/http/response.h"
#include "domain/calendar/date.h"

/// The fields of a request's JSON body, each read once by its name.
namespace arrears::api {

/// Reads an object field by field and collects everything that is wrong with it. A field that is
/// not there, or null, leaves the value as it is.
class Fields {
 public:
  explicit Fields(const boost::json::object& object) : Fields(object, "", own_errors_) {}

  /// Says that a field must be there and, if it is a text, not empty.
  Fields& need(std::string_view name);

  Fields& text(std::string_view name, std::string& into);
  Fields& text(std::string_view name, std::optional<std::string>& into);
  Fields& texts(std::string_view name, std::vector<std::string>& into);
  Fields& texts(std::string_view name, std::optional<std::vector<std::string>>& into);
  Fields& flag(std::string_view name, bool& into);
  Fields& flag(std::string_view name, std::optional<bool>& into);
  Fields& whole(std::string_view name, int& into, int low, int high);
  Fields& whole(std::string_view name, std::optional<int>& into, int low, int high);
  Fields& day(std::string_view name, std::optional<calendar::Date>& into);
  /// Calls `each` for every object of a list.
  Fields& objects(std::string_view name, const std::function<void(Fields&)>& each);
  /// Calls `read` for an object.
  Fields& object(std::string_view name, const std::function<void(Fields&)>& read);

  /// Refuses a field by name.
  void refuse(std::string_view name, std::string_view code, std::string_view detail);
  /// Refuses fields that nobody asked for; then throws Stop (400) if anything was wrong.
  void finish();

 private:
  Fields(const boost::json::object& object, std::string pointer,
         std::vector<http::FieldError>& errors)
      : object_(object), pointer_(std::move(pointer)), errors_(errors) {}
  /// The value, or null where there is none.
  const boost::json::value* find(std::string_view name);
  void refuse_unknown();
  void wrong_type(std::string_view name, std::string_view wanted);

  const boost::json::object& object_;
  std::string pointer_;
  std::vector<http::FieldError> own_errors_;
  std::vector<http::FieldError>& errors_;
  std::set<std::string, std::less<>> asked_;
};

}  // namespace arrears::api
