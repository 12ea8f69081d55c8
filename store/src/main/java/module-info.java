/**
 * The model store: what models there are on this machine, where they come from, what they become.
 */
module io.solebox.store {
  exports io.solebox.store.blob;
  exports io.solebox.store.convert;
  exports io.solebox.store.foreign;
  exports io.solebox.store.imatrix;
  exports io.solebox.store.intake;
  exports io.solebox.store.layout;
  exports io.solebox.store.quantize;

  requires io.solebox.engine;
  requires jdk.incubator.vector;
}
