/* The thermistor's table: what 12 bits read for NTC_25 and NTC_BETA below NTC_PULL_UP, from -40 C in steps of 5 C:
 * 4095 R / (R + NTC_PULL_UP) with R = NTC_25 exp(NTC_BETA (1/T - 1/298.15 K)). A test computes it anew. */
#include "ctl.h"

enum { FIRST_DC = -400, STEP_DC = 50, POINTS = 39, OPEN_DC = -1000, SHORT_DC = 2000 };

static const uint16_t counts_at[POINTS] = {
    3996, 3955, 3900, 3830, 3740, 3629, 3495, 3337, 3156, 2955, 2738, 2510, 2278, 2048, 1825, 1614, 1419, 1241, 1081, 940,
    815,  707,  613,  532,  462,  401,  350,  305,  267,  234,  206,  181,  160,  142,  126,  112,  100,  89,   80,
};

int16_t ctl_ntc_dc(uint16_t counts) {
  int low = 0, high = POINTS - 1;
  if (counts > counts_at[0]) return OPEN_DC;
  if (counts < counts_at[POINTS - 1]) return SHORT_DC;
  /* Between the points low and high, falling. */
  while (high - low > 1) {
    int middle = (low + high) / 2;
    if (counts_at[middle] > counts) low = middle;
    else high = middle;
  }
  return (int16_t)(FIRST_DC + low * STEP_DC + (counts_at[low] - counts) * STEP_DC / (counts_at[low] - counts_at[high]));
}
