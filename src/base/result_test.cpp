#include "base/result.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "base/checked.h"

#define EXAMPLE_REFUSALS(R)                                             \
  R(no_such_item, "Check the number.")                                  \
  R(exceeds_open_amount, "Lower the amount or add further open items.") \
  R(already_settled, "")

ARREARS_REFUSALS(base, ExampleRefusal, "allocate", EXAMPLE_REFUSALS);

namespace arrears::base {
namespace {

TEST(Refusal, says_what_was_refused_and_what_to_do_next) {
  const Refusal refusal = refuse(ExampleRefusal::exceeds_open_amount,
                                 "2,000.00 EUR exceeds the open 1,200.00 EUR of R-1001");
  EXPECT_EQ(refusal.operation, "allocate");
  EXPECT_EQ(refusal.code, "exceeds_open_amount");
  EXPECT_EQ(refusal.message,
            "2,000.00 EUR exceeds the open 1,200.00 EUR of R-1001. Lower the amount or add further "
            "open items.");
}

TEST(Refusal, is_one_sentence_where_there_is_no_advice_or_nothing_to_name) {
  EXPECT_EQ(refuse(ExampleRefusal::already_settled, "R-1001 is settled").message,
            "R-1001 is settled.");
  EXPECT_EQ(refuse(ExampleRefusal::no_such_item, "Nothing is called R-9.").message,
            "Nothing is called R-9. Check the number.");
}

TEST(Refusal, members_stand_in_the_order_of_checking) {
  EXPECT_EQ(code(ExampleRefusal::no_such_item), "no_such_item");
  EXPECT_EQ(code(ExampleRefusal::already_settled), "already_settled");
  EXPECT_EQ(std::size(RefusalTable<ExampleRefusal>::rows), 3U);
}

Result<int, ExampleRefusal> half(int number) {
  if (number % 2 != 0) return ExampleRefusal::no_such_item;
  return number / 2;
}

TEST(Result, holds_either_a_value_or_a_reason) {
  EXPECT_TRUE(half(4).ok());
  EXPECT_EQ(half(4).value(), 2);
  EXPECT_EQ(*half(4), 2);
  EXPECT_FALSE(half(5));
  EXPECT_EQ(half(5).error(), ExampleRefusal::no_such_item);
}

TEST(Result, asking_for_what_it_does_not_hold_is_a_mistake) {
  EXPECT_THROW((void)half(5).value(), Mistake);
  EXPECT_THROW((void)half(4).error(), Mistake);
}

TEST(Result, gives_up_a_value_that_only_moves) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Checked, arithmetic_that_would_wrap_is_a_mistake) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(checked_add(greatest - 1, 1), greatest);
  EXPECT_EQ(checked_sub(least + 1, 1), least);
  EXPECT_EQ(checked_mul(3, -5), -15);
  EXPECT_THROW((void)checked_add(greatest, 1), Mistake);
  EXPECT_THROW((void)checked_sub(least, 1), Mistake);
  EXPECT_THROW((void)checked_mul(greatest, 2), Mistake);
  EXPECT_THROW((void)checked_mul(least, -1), Mistake);
}

TEST(Check, a_mistake_names_the_condition_and_the_place) {
  const int promised = 2;
  try {
    ARREARS_REQUIRE(promised == 1);
    FAIL() << "nothing was thrown";
  } catch (const Mistake& mistake) {
    const std::string text = mistake.what();
    EXPECT_NE(text.find("promised == 1"), std::string::npos) << text;
    EXPECT_NE(text.find("result_test.cpp:"), std::string::npos) << text;
  }
}

TEST(CheckDeathTest, a_failed_assertion_stops_the_process) {
  EXPECT_DEATH(ARREARS_ASSERT(1 + 1 == 3), "does not hold: 1 \\+ 1 == 3");
}

}  // namespace
}  // namespace arrears::base
