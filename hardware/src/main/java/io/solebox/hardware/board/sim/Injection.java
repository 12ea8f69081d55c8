package io.solebox.hardware.board.sim;

/** What can be wrong with a simulated board, in the order of {@code enum sim_fault}. */
public enum Injection {
  /** 12 V is at the value in millivolts instead. */
  V12_MV,
  /** 3.3 V auxiliary is, whatever its enable: 0 never rises, 3300 does not fall. */
  AUX_MV,
  /** The core rail is. */
  CORE_MV,
  /** PSU good goes away, and 12 V follows. */
  PSU_LOST,
  /** The core regulator's power good goes away. */
  VRM_LOST,
  /** The thermistor reads the value in tenths of a degree: -1000 is open, 2000 shorted. */
  SENSOR_DC,
  /** The heat sink has the value as its temperature, in tenths of a degree. */
  SINK_DC,
  /** The module asserts THERMTRIP#. */
  THERMTRIP,
  /** The first fan does not turn. */
  FAN_0_STILL,
  /** The second fan does not turn. */
  FAN_1_STILL,
  /** The air's temperature in tenths of a degree; 250 where nothing is injected. */
  AMBIENT_DC,
  /** What the running module burns in watts; 150 where nothing is injected. */
  LOAD_W
}
