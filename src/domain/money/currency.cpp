#include <algorithm>

#include "domain/money/money.h"

namespace arrears::money {

namespace {
struct Group {
  std::int8_t decimals;
  std::string_view codes;
};

// ISO 4217 list one, active national currencies, by decimals of the minor unit. Kept besides,
// because open items outlive them: ANG (until 2025), BGN (until 2025), HRK (until 2022).
constexpr Group groups[] = {
    {2,
     "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD "
     "CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
     "GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL "
     "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK "
     "PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
     "TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"},
    {0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"},
    {3, "BHD IQD JOD KWD LYD OMR TND"},
};
}  // namespace

std::optional<Currency> parse_currency(std::string_view code) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (code.size() != 3 || !std::all_of(code.begin(), code.end(), is_capital)) return {};
  for (const Group& group : groups) {
    if (group.codes.find(code) == std::string_view::npos) continue;
    Currency currency;
    std::copy(code.begin(), code.end(), currency.code_.begin());
    currency.decimals_ = group.decimals;
    return currency;
  }
  return {};
}

}  // namespace arrears::money
