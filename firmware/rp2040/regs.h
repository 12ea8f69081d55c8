/* The RP2040's registers, as far as they are used here, named as in its datasheet (RP2040 datasheet, chapters 2 and 4). */
#ifndef SOLEBOX_REGS_H
#define SOLEBOX_REGS_H
#include <stdint.h>

typedef volatile uint32_t reg;
#define REG(address) (*(reg *)(address))

/* Each register of a peripheral has aliases that set or clear the bits that are written (2.1.2). */
static inline void reg_set(reg *which, uint32_t bits) { REG((uint32_t)which + 0x2000) = bits; }
static inline void reg_clear(reg *which, uint32_t bits) { REG((uint32_t)which + 0x3000) = bits; }

/* 2.15 Clocks */
#define CLK_REF_CTRL REG(0x40008030)
#define CLK_REF_CTRL_SRC_XOSC 2u
#define CLK_REF_SELECTED REG(0x40008038)
#define CLK_SYS_CTRL REG(0x4000803c)
#define CLK_SYS_CTRL_SRC_AUX 1u /* AUXSRC 0 is pll_sys */
#define CLK_SYS_SELECTED REG(0x40008044)
#define CLK_PERI_CTRL REG(0x40008048) /* AUXSRC 0 is clk_sys */
#define CLK_ADC_CTRL REG(0x40008060)  /* AUXSRC 0 is pll_usb */
#define CLK_CTRL_ENABLE (1u << 11)

/* 2.14 Subsystem resets */
#define RESETS_RESET REG(0x4000c000)
#define RESETS_RESET_DONE REG(0x4000c008)
#define RESETS_ADC (1u << 0)
#define RESETS_IO_BANK0 (1u << 5)
#define RESETS_PADS_BANK0 (1u << 8)
#define RESETS_PLL_SYS (1u << 12)
#define RESETS_PLL_USB (1u << 13)
#define RESETS_PWM (1u << 14)
#define RESETS_SPI0 (1u << 16)
#define RESETS_TIMER (1u << 21)
#define RESETS_UART0 (1u << 22)

/* 2.13 Power-on state machine */
#define PSM_WDSEL REG(0x40010008)
#define PSM_ALL 0x1ffffu
#define PSM_ROSC (1u << 0)
#define PSM_XOSC (1u << 1)

/* 2.19.6 GPIO */
#define IO_GPIO_CTRL(pin) REG(0x40014004 + 8 * (pin))
#define IO_FUNCTION_SPI 1u
#define IO_FUNCTION_UART 2u
#define IO_FUNCTION_PWM 4u
#define IO_FUNCTION_SIO 5u
#define IO_FUNCTION_NULL 31u
#define IO_INTR(pin) REG(0x400140f0 + 4 * ((pin) / 8))
#define IO_INTR_EDGE_LOW(pin) (4u << (4 * ((pin) % 8)))
#define PADS_GPIO(pin) REG(0x4001c004 + 4 * (pin))
#define PADS_IE (1u << 6)
#define PADS_DRIVE_4MA (1u << 4)
#define PADS_PUE (1u << 3)
#define PADS_PDE (1u << 2)
#define PADS_SCHMITT (1u << 1)

/* 2.3.1 SIO; it has registers of its own to set and to clear */
#define SIO_GPIO_IN REG(0xd0000004)
#define SIO_GPIO_OUT_SET REG(0xd0000014)
#define SIO_GPIO_OUT_CLR REG(0xd0000018)
#define SIO_GPIO_OE_SET REG(0xd0000024)

/* 2.16 Crystal oscillator */
#define XOSC_CTRL REG(0x40024000)
#define XOSC_CTRL_ENABLE (0xfabu << 12)
#define XOSC_CTRL_1_15MHZ 0xaa0u
#define XOSC_STATUS REG(0x40024004)
#define XOSC_STATUS_STABLE (1u << 31)
#define XOSC_STARTUP REG(0x4002400c)

/* 2.18 PLL */
#define PLL_SYS_BASE 0x40028000u
#define PLL_USB_BASE 0x4002c000u
#define PLL_CS(base) REG((base) + 0x0)
#define PLL_CS_LOCK (1u << 31)
#define PLL_PWR(base) REG((base) + 0x4)
#define PLL_PWR_PD (1u << 0)
#define PLL_PWR_POSTDIVPD (1u << 3)
#define PLL_PWR_VCOPD (1u << 5)
#define PLL_FBDIV_INT(base) REG((base) + 0x8)
#define PLL_PRIM(base) REG((base) + 0xc)

/* 4.2 UART */
#define UART0_DR REG(0x40034000)
#define UART0_FR REG(0x40034018)
#define UART_FR_TXFF (1u << 5)
#define UART_FR_RXFE (1u << 4)
#define UART0_IBRD REG(0x40034024)
#define UART0_FBRD REG(0x40034028)
#define UART0_LCR_H REG(0x4003402c)
#define UART_LCR_H_8N1 (3u << 5)
#define UART_LCR_H_FEN (1u << 4)
#define UART0_CR REG(0x40034030)
#define UART_CR_RXE (1u << 9)
#define UART_CR_TXE (1u << 8)
#define UART_CR_UARTEN (1u << 0)

/* 4.4 SPI */
#define SPI0_CR0 REG(0x4003c000)
#define SPI_CR0_SPH (1u << 7)
#define SPI_CR0_SPO (1u << 6)
#define SPI_CR0_8_BITS 7u
#define SPI0_CR1 REG(0x4003c004)
#define SPI_CR1_SLAVE (1u << 2)
#define SPI_CR1_SSE (1u << 1)
#define SPI0_DR REG(0x4003c008)
#define SPI0_SR REG(0x4003c00c)
#define SPI_SR_RNE (1u << 2)
#define SPI_SR_TNF (1u << 1)
#define SPI0_CPSR REG(0x4003c010)
#define SPI0_IMSC REG(0x4003c014)
#define SPI_IMSC_RXIM (1u << 2)

/* 4.9 ADC */
#define ADC_CS REG(0x4004c000)
#define ADC_CS_AINSEL(channel) ((uint32_t)(channel) << 12)
#define ADC_CS_READY (1u << 8)
#define ADC_CS_START_ONE (1u << 2)
#define ADC_CS_TS_EN (1u << 1)
#define ADC_CS_EN (1u << 0)
#define ADC_RESULT REG(0x4004c004)

/* 4.5 PWM; a pin's slice and channel follow from its number */
#define PWM_SLICE(pin) (((pin) >> 1) & 7)
#define PWM_CSR(slice) REG(0x40050000 + 0x14 * (slice))
#define PWM_CSR_B_INV (1u << 3)
#define PWM_CSR_A_INV (1u << 2)
#define PWM_CSR_EN (1u << 0)
#define PWM_DIV(slice) REG(0x40050004 + 0x14 * (slice))
#define PWM_DIV_1 (1u << 4)
#define PWM_CC(slice) REG(0x4005000c + 0x14 * (slice))
#define PWM_TOP(slice) REG(0x40050010 + 0x14 * (slice))

/* 4.6 Timer */
#define TIMER_ALARM0 REG(0x40054010)
#define TIMER_ARMED REG(0x40054020)
#define TIMER_TIMERAWH REG(0x40054024)
#define TIMER_TIMERAWL REG(0x40054028)
#define TIMER_INTR REG(0x40054034)
#define TIMER_INTE REG(0x40054038)
#define TIMER_ALARM0_BIT 1u

/* 4.7 Watchdog */
#define WATCHDOG_CTRL REG(0x40058000)
#define WATCHDOG_CTRL_ENABLE (1u << 30)
#define WATCHDOG_LOAD REG(0x40058004)
#define WATCHDOG_REASON REG(0x40058008)
#define WATCHDOG_SCRATCH0 REG(0x4005800c)
#define WATCHDOG_TICK REG(0x4005802c)
#define WATCHDOG_TICK_ENABLE (1u << 9)

/* 2.3.2 and 2.4.8: interrupts */
#define NVIC_ISER REG(0xe000e100)
#define M0PLUS_VTOR REG(0xe000ed08)
#define IRQ_TIMER_0 0
#define IRQ_SPI0 18
#define IRQ_COUNT 26

#endif
