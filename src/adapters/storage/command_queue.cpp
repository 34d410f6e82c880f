#include "adapters/storage/command_queue.h"

#include "adapters/storage/storage_error.h"
#include "base/check.h"

namespace arrears::storage {

namespace {

/// Bounds how long the first of a batch waits for the last.
constexpr std::size_t largest_batch = 64;
constexpr int most_attempts = 5;

bool may_succeed_again(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const StorageError& error) {
    return error.problem == StorageProblem::retry;
  } catch (...) {
    return false;
  }
}

}  // namespace

void WaitingCommand::fail(std::exception_ptr with) {
  if (may_succeed_again(with) && ++failed_attempts < most_attempts) {
    again = true;
  } else {
    failure = std::move(with);
  }
}

void CommandQueue::run(WaitingCommand& command) {
  std::unique_lock lock(mutex_);
  waiting_.push_back(&command);
  if (!has_leader_) {
    has_leader_ = true;
    command.is_leader = true;
  }
  for (;;) {
    command.woken.wait(lock, [&] { return command.is_done || command.is_leader; });
    if (command.is_done) break;
    command.is_leader = false;
    lead(lock);
  }
  lock.unlock();
  if (command.failure) std::rethrow_exception(command.failure);
}

/// The leader's own command is the first of the batch.
void CommandQueue::lead(std::unique_lock<std::mutex>& lock) {
  const Batch batch = take();
  lock.unlock();
  try {
    run_batch_(batch);
  } catch (...) {
    for (WaitingCommand* command : batch) {
      if (!command->again) command->fail(std::current_exception());
    }
  }
  lock.lock();
  for (auto command = batch.rbegin(); command != batch.rend(); ++command) {
    if ((*command)->again) {
      waiting_.push_front(*command);
    } else {
      (*command)->is_done = true;
      (*command)->woken.notify_one();
    }
  }
  has_leader_ = !waiting_.empty();
  if (!has_leader_) return;
  waiting_.front()->is_leader = true;
  waiting_.front()->woken.notify_one();
}

/// A command that failed in company runs alone.
CommandQueue::Batch CommandQueue::take() {
  Batch batch;
  ARREARS_REQUIRE(!waiting_.empty());
  while (!waiting_.empty() && batch.size() < largest_batch) {
    WaitingCommand* next = waiting_.front();
    if (!batch.empty() && next->failed_attempts > 0) break;
    waiting_.pop_front();
    batch.push_back(next);
    next->again = false;
    if (next->failed_attempts > 0) break;
  }
  return batch;
}

}  // namespace arrears::storage
