/* 12 MHz crystal -> 125 MHz for the system and the peripherals, 48 MHz for the ADC. A crystal or a PLL that does not start keeps
 * this waiting until the watchdog, which runs already: all outputs are off. */
#include "port.h"
#include "regs.h"

#define XOSC_STARTUP_1MS 47 /* in 256 periods of 12 MHz */

void clocks_unreset(uint32_t resets) {
  reg_clear(&RESETS_RESET, resets);
  while ((RESETS_RESET_DONE & resets) != resets) {
  }
}

/* 12 MHz * feedback / divider1 / divider2; the VCO must stay within 750 and 1600 MHz. */
static void pll_begin(uint32_t base, uint32_t reset, uint32_t feedback, uint32_t divider1, uint32_t divider2) {
  reg_set(&RESETS_RESET, reset);
  clocks_unreset(reset);
  PLL_CS(base) = 1; // reference: the crystal by 1
  PLL_FBDIV_INT(base) = feedback;
  reg_clear(&PLL_PWR(base), PLL_PWR_PD | PLL_PWR_VCOPD);
  while (!(PLL_CS(base) & PLL_CS_LOCK)) {
  }
  PLL_PRIM(base) = divider1 << 16 | divider2 << 12;
  reg_clear(&PLL_PWR(base), PLL_PWR_POSTDIVPD);
}

void clocks_begin(void) {
  XOSC_STARTUP = XOSC_STARTUP_1MS;
  XOSC_CTRL = XOSC_CTRL_ENABLE | XOSC_CTRL_1_15MHZ;
  while (!(XOSC_STATUS & XOSC_STATUS_STABLE)) {
  }
  CLK_REF_CTRL = CLK_REF_CTRL_SRC_XOSC;
  while (!(CLK_REF_SELECTED & 1u << CLK_REF_CTRL_SRC_XOSC)) {
  }
  pll_begin(PLL_SYS_BASE, RESETS_PLL_SYS, 125, 6, 2);
  pll_begin(PLL_USB_BASE, RESETS_PLL_USB, 100, 5, 5);
  CLK_SYS_CTRL = CLK_SYS_CTRL_SRC_AUX;
  while (!(CLK_SYS_SELECTED & 1u << CLK_SYS_CTRL_SRC_AUX)) {
  }
  CLK_PERI_CTRL = CLK_CTRL_ENABLE;
  CLK_ADC_CTRL = CLK_CTRL_ENABLE;
}
