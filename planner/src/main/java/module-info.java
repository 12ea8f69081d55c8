/**
 * What a model would need and give on a machine, this one or one that is not bought yet: memory
 * from the engine's own estimates, speed from what its ops read and compute, the rest from tables
 * with a source for each cell.
 */
module io.solebox.planner {
  exports io.solebox.planner.figure;
  exports io.solebox.planner.heat;
  exports io.solebox.planner.machine;
  exports io.solebox.planner.measured;
  exports io.solebox.planner.memory;
  exports io.solebox.planner.model;
  exports io.solebox.planner.money;
  exports io.solebox.planner.report;
  exports io.solebox.planner.plan;
  exports io.solebox.planner.speed;
  exports io.solebox.planner.trial;
  exports io.solebox.planner.work;

  requires transitive io.solebox.engine;
  requires transitive io.solebox.hardware;

  uses io.solebox.engine.backend.BackendProvider;
}
