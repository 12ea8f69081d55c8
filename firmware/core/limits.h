/* All constants of the board in one table: name, value, unit, source.
 *
 * A source "placeholder: set for your board" means just that: the value is plausible, and whoever builds a board puts
 * the one of its regulators, fans and thermistors there. Nothing else in firmware/ holds such a number.
 */
#ifndef SOLEBOX_LIMITS_H
#define SOLEBOX_LIMITS_H

#define CTL_LIMITS(LIMIT)                                                                                       \
  /* Voltages: a rail is good within GOOD percent of nominal, and must stay within KEEP percent once it was. */ \
  LIMIT(V12_NOMINAL, 12000, "mV", "ATX12V power supply design guide: +12 V")                                   \
  LIMIT(V12_GOOD, 5, "%", "ATX12V power supply design guide: +12 V within 5 %")                                \
  LIMIT(V12_KEEP, 8, "%", "PCI Express CEM: +12 V within 8 % at the connector")                                \
  LIMIT(AUX_NOMINAL, 3300, "mV", "PCI Express CEM: +3.3 Vaux")                                                 \
  LIMIT(AUX_GOOD, 5, "%", "placeholder: set for your board")                                                   \
  LIMIT(AUX_KEEP, 9, "%", "PCI Express CEM: +3.3 V within 9 %")                                                \
  LIMIT(CORE_NOMINAL, 800, "mV", "placeholder: set for your board")                                            \
  LIMIT(CORE_GOOD, 5, "%", "placeholder: set for your board")                                                  \
  LIMIT(CORE_KEEP, 8, "%", "placeholder: set for your board")                                                  \
  LIMIT(RAIL_OFF, 20, "%", "placeholder: set for your board")                                                  \
  LIMIT(GOOD_DEBOUNCE, 5, "ms", "placeholder: set for your board")                                             \
  LIMIT(TRIP_DEBOUNCE, 2, "ms", "trips within 3 ms, and one wrong sample does nothing")                        \
  /* Sequencing: how long each step may take at most. */                                                       \
  LIMIT(V12_TIMEOUT, 500, "ms", "ATX12V power supply design guide: PWR_OK within 500 ms")                      \
  LIMIT(AUX_TIMEOUT, 150, "ms", "placeholder: set for your board")                                             \
  LIMIT(CORE_TIMEOUT, 50, "ms", "placeholder: set for your board")                                             \
  LIMIT(RESET_HOLD, 100, "ms", "PCI Express CEM: T_PVPERL, power good to PERST# released, at least 100 ms")    \
  LIMIT(CORE_OFF_DELAY, 2, "ms", "PCI Express CEM: PERST# asserted before power goes")                         \
  LIMIT(AUX_OFF_DELAY, 5, "ms", "placeholder: set for your board")                                             \
  LIMIT(DISCHARGE_TIMEOUT, 1000, "ms", "placeholder: set for your board")                                      \
  LIMIT(CYCLE_OFF, 2000, "ms", "placeholder: set for your board")                                              \
  LIMIT(SOFT_OFF, 120000, "ms", "as the guard's time for a machine to shut down")                              \
  /* Temperatures, of the hottest sensor. */                                                                   \
  LIMIT(FAN_LOW, 400, "0.1 C", "placeholder: set for your board")                                              \
  LIMIT(FAN_HIGH, 800, "0.1 C", "placeholder: set for your board")                                             \
  LIMIT(THROTTLE_ON, 850, "0.1 C", "V100's highest temperature of memory")                                     \
  LIMIT(THROTTLE_OFF, 800, "0.1 C", "5 C below THROTTLE_ON")                                                   \
  LIMIT(TRIP, 950, "0.1 C", "placeholder: set for your board")                                                 \
  LIMIT(RESET_BELOW, 700, "0.1 C", "placeholder: set for your board")                                          \
  LIMIT(SENSOR_LOW, -400, "0.1 C", "below it the thermistor is open")                                          \
  LIMIT(SENSOR_HIGH, 1500, "0.1 C", "above it the thermistor is shorted")                                      \
  LIMIT(SENSOR_DEBOUNCE, 100, "ms", "placeholder: set for your board")                                         \
  LIMIT(NTC_PULL_UP, 10000, "ohm", "placeholder: set for your board")                                          \
  LIMIT(NTC_25, 10000, "ohm", "placeholder: of the thermistor at 25 C")                                        \
  LIMIT(NTC_BETA, 3950, "K", "placeholder: of the thermistor, 25 to 50 C; ntc.c holds the table")              \
  /* Fans. */                                                                                                  \
  LIMIT(FAN_DUTY_LOW, 30, "%", "placeholder: set for your board")                                              \
  LIMIT(FAN_FALL, 2, "% per s", "falls slowly, so that it is not heard")                                       \
  LIMIT(TACH_PULSES, 2, "per turn", "Intel 4-wire PWM fans specification")                                     \
  LIMIT(FAN_STILL_THROTTLE, 2000, "ms", "as the server's guard")                                               \
  LIMIT(FAN_STILL_TRIP, 10000, "ms", "as the server's guard")                                                  \
  LIMIT(FANS, 2, "fans", "placeholder: set for your board, 0 to 2")                                            \
  LIMIT(FAN_STILL_DUTY, 20, "%", "a fan driven less may stand")                                                \
  /* The host. */                                                                                              \
  LIMIT(HOST_LATE, 5000, "ms", "placeholder: set for your board")                                              \
  LIMIT(HOST_SILENT, 15000, "ms", "placeholder: set for your board")                                           \
  /* The button. */                                                                                            \
  LIMIT(BUTTON_DEBOUNCE, 20, "ms", "placeholder: set for your board")                                          \
  LIMIT(BUTTON_LONG, 4000, "ms", "ACPI: a power button held for 4 s")                                          \
  /* The firmware itself. */                                                                                   \
  LIMIT(WATCHDOG, 50, "ms", "placeholder: set for your board")

#define CTL_LIMIT_CONSTANT(name, value, unit, source) LIMIT_##name = value,
enum { CTL_LIMITS(CTL_LIMIT_CONSTANT) };
#undef CTL_LIMIT_CONSTANT

#endif
