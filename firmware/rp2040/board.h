/* The board: which pin does what, and how what it measures is divided. docs/board.md has the wiring.
 *
 * All of this is a placeholder: set for your board. What is told here of a pin's level is told nowhere else. */
#ifndef SOLEBOX_BOARD_H
#define SOLEBOX_BOARD_H

#define BOARD_NAME "solebox-rp2040"

/* Outputs: field of ctl_out, GPIO, the level that asserts it. At start, and whenever something is wrong, each has the other one. */
#define BOARD_OUTPUTS(PIN)                                             \
  PIN(en_aux, 2, 1)                                                    \
  PIN(en_core, 3, 1)                                                   \
  PIN(perst_n, 4, 1) /* 1 is released: low holds the module */         \
  PIN(en_module, 5, 1)                                                 \
  PIN(throttle, 6, 1) /* a transistor pulls PWRBRK# low */             \
  PIN(led, 25, 1)

/* Inputs: field of ctl_in, GPIO, the level that asserts it, where the pad pulls it when nothing is connected. */
#define BOARD_INPUTS(PIN)        \
  PIN(psu_good, 7, 1, PADS_PDE)  \
  PIN(vrm_good, 11, 1, PADS_PDE) \
  PIN(thermtrip, 12, 0, PADS_PUE) \
  PIN(button, 13, 0, PADS_PUE)

/* Pins of peripherals. The fans' line is pulled low by a transistor, so that a controller in reset has them at full speed. */
#define BOARD_FAN 10
#define BOARD_FAN_INVERTED 1
#define BOARD_TACH_0 8
#define BOARD_TACH_1 9
#define BOARD_UART_TX 0
#define BOARD_UART_RX 1
#define BOARD_SPI_RX 16
#define BOARD_SPI_CSN 17
#define BOARD_SPI_SCK 18
#define BOARD_SPI_TX 19

/* Measured: ADC channel (GPIO 26 and on; 4 is the controller's own sensor), and what a divider divides by. */
#define BOARD_ADC_VREF_MV 3300
#define BOARD_ADC_12V 0
#define BOARD_ADC_12V_DIVIDER 5
#define BOARD_ADC_AUX 1
#define BOARD_ADC_AUX_DIVIDER 2
#define BOARD_ADC_CORE 2
#define BOARD_ADC_CORE_DIVIDER 1
#define BOARD_ADC_NTC 3
#define BOARD_ADC_MCU 4

/* The fans' PWM and the links. */
#define BOARD_FAN_HZ 25000 /* Intel 4-wire PWM fans specification: 21 to 28 kHz */
#define BOARD_UART_BAUD 115200

#endif
