/**
 * The model store: what models there are on this machine, where they come from, what they become.
 */
module io.solebox.store {
  exports io.solebox.store.blob;
  exports io.solebox.store.bundle;
  exports io.solebox.store.catalogue;
  exports io.solebox.store.cleanup;
  exports io.solebox.store.convert;
  exports io.solebox.store.edit;
  exports io.solebox.store.foreign;
  exports io.solebox.store.imatrix;
  exports io.solebox.store.intake;
  exports io.solebox.store.layout;
  exports io.solebox.store.quantize;
  exports io.solebox.store.pull;
  exports io.solebox.store.pull.http;
  exports io.solebox.store.pull.name;
  exports io.solebox.store.pull.source;
  exports io.solebox.store.pull.transfer;
  exports io.solebox.store.sign;

  requires io.solebox.engine;
  requires java.net.http;
  requires jdk.incubator.vector;
}
