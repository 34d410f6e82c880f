#pragma once

#include "domain/portfolio/columns.h"

/// What the rows of a customer come to in the end. Inside of the portfolio room only.
namespace arrears::portfolio {

/// Works out the present of the customer that was added last; see CustomerRow.
void set_present(ColumnStore& store);

}  // namespace arrears::portfolio
