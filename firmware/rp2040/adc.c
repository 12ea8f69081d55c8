/* Voltages and temperatures. The channel is selected for each conversion; four in a row are averaged against noise, and what a
 * single wrong sample does beyond that is the debounce's matter. */
#include "board.h"
#include "port.h"
#include "regs.h"

#define SAMPLES 4
#define FULL_SCALE 4095u

static uint32_t sample(uint32_t channel) {
  ADC_CS = ADC_CS_EN | ADC_CS_TS_EN | ADC_CS_AINSEL(channel) | ADC_CS_START_ONE;
  while (!(ADC_CS & ADC_CS_READY)) {
  }
  return ADC_RESULT;
}

/* SAMPLES times the code. */
static uint32_t samples(uint32_t channel) {
  uint32_t sum = 0;
  for (int i = 0; i < SAMPLES; i++) sum += sample(channel);
  return sum;
}

static uint16_t millivolts(uint32_t channel, uint32_t divider) {
  return (uint16_t)(samples(channel) * BOARD_ADC_VREF_MV * divider / (FULL_SCALE * SAMPLES));
}

/* RP2040 datasheet, 4.9.5: 27 C - (V - 0.706 V) / 1.721 mV per C. */
static int16_t own_temperature(void) {
  int32_t microvolts = (int32_t)(samples(BOARD_ADC_MCU) * (BOARD_ADC_VREF_MV * 125u / SAMPLES) / FULL_SCALE) * 8;
  return (int16_t)(270 - (microvolts - 706000) * 10 / 1721);
}

void adc_begin(void) {
  clocks_unreset(RESETS_ADC);
  // Neither input buffer nor pulls: what is measured is not loaded.
  for (uint32_t channel = 0; channel < BOARD_ADC_MCU; channel++) pins_use(26 + channel, IO_FUNCTION_NULL, 0);
  ADC_CS = ADC_CS_EN | ADC_CS_TS_EN;
  while (!(ADC_CS & ADC_CS_READY)) {
  }
}

void adc_read(ctl_in *in) {
  in->mv_12v = millivolts(BOARD_ADC_12V, BOARD_ADC_12V_DIVIDER);
  in->mv_aux = millivolts(BOARD_ADC_AUX, BOARD_ADC_AUX_DIVIDER);
  in->mv_core = millivolts(BOARD_ADC_CORE, BOARD_ADC_CORE_DIVIDER);
  in->ntc_dc = ctl_ntc_dc((uint16_t)(samples(BOARD_ADC_NTC) / SAMPLES));
  in->mcu_dc = own_temperature();
}
