/**
 * Care of the machine: what is wrong with it, what it measures, what keeps it safe. It needs
 * nothing of ours, and works when no model loads.
 */
module io.solebox.hardware {
  exports io.solebox.hardware.answer;
  exports io.solebox.hardware.board;
  exports io.solebox.hardware.board.line;
  exports io.solebox.hardware.board.sim;
  exports io.solebox.hardware.box;
  exports io.solebox.hardware.bundle;
  exports io.solebox.hardware.care;
  exports io.solebox.hardware.doctor.check;
  exports io.solebox.hardware.doctor.facts;
  exports io.solebox.hardware.doctor;
  exports io.solebox.hardware.guard;
  exports io.solebox.hardware.nvml;
  exports io.solebox.hardware.pci;
  exports io.solebox.hardware.plug;
  exports io.solebox.hardware.power;
  exports io.solebox.hardware.sensors;
  exports io.solebox.hardware.settings;
  exports io.solebox.hardware.smoke;
  exports io.solebox.hardware.table;
  exports io.solebox.hardware.telemetry;

  requires java.net.http; // plug alone
  requires tools.jackson.core;
}
