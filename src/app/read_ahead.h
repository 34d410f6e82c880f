#pragma once

#include <functional>

#include "app/store.h"

/// Inside the room: party files for long work, read by threads of their own.
namespace arrears::app {

using FileSink = std::function<void(PartyFile&)>;
/// Gives files of the parts to `sink`, one after the other.
using FileReading = std::function<void(Facts& facts, PartRange parts, const FileSink& sink)>;

/// Calls `each`, in this thread and in order of their parts, with the files that `read` gives. It
/// runs in two threads, each with a snapshot and some parts at a time, and is some files ahead: a
/// server works for one while the other takes its answer apart. Nobody may change what is read
/// while this opens the snapshots. An exception of any thread ends all and is thrown on.
void read_ahead(Store& store, const FileReading& read, const FileSink& each);

}  // namespace arrears::app
