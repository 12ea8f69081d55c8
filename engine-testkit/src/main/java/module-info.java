/** What every backend's tests share: the conformance suites and the loader of reference data. */
module io.solebox.testkit {
  requires transitive io.solebox.engine;
  requires transitive org.junit.jupiter.api;
  requires transitive org.junit.jupiter.params;
  requires tools.jackson.databind;

  exports io.solebox.testkit;
  exports io.solebox.testkit.hub;

  uses io.solebox.engine.backend.BackendProvider;

  opens io.solebox.testkit;
}
