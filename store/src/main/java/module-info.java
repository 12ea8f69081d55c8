/**
 * The model store: what models there are on this machine, where they come from, what they become.
 */
module io.solebox.store {
  exports io.solebox.store.blob;

  requires io.solebox.engine;
  requires jdk.incubator.vector;
}
