#pragma once

#include "programs/arrears/output.h"

/// The answers that people read as more than one plain table.
namespace arrears::cli {

/// A table for each currency: who, then the buckets, with the sum below.
void print_aging(const Object& report, Format format);
/// Best first: whom to contact, how much, what to do, and the first reason.
void print_worklist(const Rows& lines, Format format);
/// Each figure with what it should be and how it is made.
void print_metrics(const Object& report, Format format);

}  // namespace arrears::cli
