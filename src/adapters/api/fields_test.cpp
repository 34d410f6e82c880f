#include "adapters/api/fields.h"

#include <gtest/gtest.h>

#include "adapters/api/problems.h"

namespace arrears::api {
namespace {

boost::json::object object(std::string_view text) { return boost::json::parse(text).as_object(); }

/// Pointers and codes of what `read` finds wrong with the object.
std::vector<std::string> wrong(std::string_view text, const std::function<void(Fields&)>& read) {
  const boost::json::object json = object(text);
  Fields fields(json);
  read(fields);
  std::vector<std::string> found;
  try {
    fields.finish();
  } catch (const Stop& stop) {
    EXPECT_EQ(stop.problem().status, 422);
    for (const http::FieldError& error : stop.problem().errors)
      found.push_back(error.pointer + " " + error.code);
  }
  return found;
}

using Wrong = std::vector<std::string>;

TEST(Fields, a_field_that_is_absent_or_null_leaves_the_value) {
  std::string text = "before";
  std::optional<bool> flag;
  std::vector<std::string> texts{"a"};
  EXPECT_EQ(wrong(R"({"text":null})",
                  [&](Fields& fields) {
                    fields.text("text", text).flag("flag", flag).texts("texts", texts);
                  }),
            Wrong{});
  EXPECT_EQ(text, "before");
  EXPECT_EQ(flag, std::nullopt);
  EXPECT_EQ(texts, std::vector<std::string>{"a"});
}

TEST(Fields, what_is_there_is_read) {
  std::string text;
  bool flag = false;
  int whole = 0;
  std::optional<calendar::Date> day;
  std::vector<std::string> texts;
  std::vector<std::string> inner;
  EXPECT_EQ(wrong(R"({"text":"é","flag":true,"whole":7,"day":"2026-06-01","texts":["a","b"],
                     "list":[{"x":"1"},{"x":"2"}]})",
                  [&](Fields& fields) {
                    fields.text("text", text).flag("flag", flag).whole("whole", whole, 0, 7);
                    fields.day("day", day).texts("texts", texts);
                    fields.objects("list",
                                   [&](Fields& one) { one.text("x", inner.emplace_back()); });
                  }),
            Wrong{});
  EXPECT_EQ(text, "é");
  EXPECT_TRUE(flag);
  EXPECT_EQ(whole, 7);
  EXPECT_EQ(day, calendar::parse_date("2026-06-01"));
  EXPECT_EQ(texts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(inner, (std::vector<std::string>{"1", "2"}));
}

TEST(Fields, a_wrong_value_is_named_by_its_pointer) {
  struct Case {
    std::string_view body;
    std::string_view error;
  } cases[] = {
      {R"({"text":1})", "/text wrong_type"},
      {"{\"text\":\"\\u0000\"}", "/text not_clean_text"},
      {R"({"flag":"true"})", "/flag wrong_type"},
      {R"({"whole":8})", "/whole wrong_type"},
      {R"({"whole":-1})", "/whole wrong_type"},
      {R"({"whole":1.5})", "/whole wrong_type"},
      {R"({"day":"01.06.2026"})", "/day wrong_type"},
      {R"({"day":"2026-02-30"})", "/day wrong_type"},
      {R"({"texts":"a"})", "/texts wrong_type"},
      {R"({"texts":["a",1]})", "/texts wrong_type"},
      {R"({"list":{}})", "/list wrong_type"},
      {R"({"list":[{},3]})", "/list/1 wrong_type"},
      {R"({"list":[{"x":1}]})", "/list/0/x wrong_type"},
      {R"({"list":[{"y":1}]})", "/list/0/y unknown_field"},
      {R"({"more":1})", "/more unknown_field"},
      {R"({"a/b~c":1})", "/a~1b~0c unknown_field"},
  };
  for (const Case& one : cases) {
    std::string text;
    bool flag = false;
    int whole = 0;
    std::optional<calendar::Date> day;
    std::vector<std::string> texts;
    const auto found = wrong(one.body, [&](Fields& fields) {
      fields.text("text", text).flag("flag", flag).whole("whole", whole, 0, 7);
      fields.day("day", day).texts("texts", texts);
      fields.objects("list", [&](Fields& inner) { inner.text("x", text); });
    });
    EXPECT_EQ(found, Wrong{std::string(one.error)}) << one.body;
  }
}

TEST(Fields, a_needed_text_is_there_and_not_empty) {
  for (const std::string_view body : {R"({})", R"({"text":null})", R"({"text":""})"}) {
    std::string text;
    EXPECT_EQ(wrong(body, [&](Fields& fields) { fields.need("text").text("text", text); }),
              Wrong{"/text missing"})
        << body;
  }
}

TEST(Problems, a_refusal_has_the_status_of_its_kind) {
  struct Case {
    std::string_view operation;
    std::string_view code;
    int status;
  } cases[] = {
      {"command", "customer_unknown", 404},     {"allocate", "document_unknown", 404},
      {"access", "right_missing", 403},         {"sign_in", "not_recognised", 401},
      {"sign_in", "too_many_attempts", 429},    {"command", "idempotency_key_reused", 409},
      {"log_call", "next_action_missing", 422}, {"aging", "bucket_unknown", 422},
      {"metrics", "period_backwards", 422},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(status_of({std::string(one.operation), std::string(one.code), ""}), one.status)
        << one.operation << "." << one.code;
  }
}

}  // namespace
}  // namespace arrears::api
