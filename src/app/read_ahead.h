#pragma once

#include <functional>

#include "app/store.h"

/// Inside the room: party files for long work, read by a second thread.
namespace arrears::app {

using FileSink = std::function<void(PartyFile&)>;
/// Gives files of `facts` to `sink`, one after the other.
using FileReading = std::function<void(Facts& facts, const FileSink& sink)>;

/// Calls `each`, in this thread and in their order, with the files that `read` gives, which runs in
/// a second thread on a snapshot of its own and is some files ahead. What it sees is what was
/// committed when this was called. An exception of either ends both and is thrown on.
void read_ahead(Store& store, const FileReading& read, const FileSink& each);

}  // namespace arrears::app
