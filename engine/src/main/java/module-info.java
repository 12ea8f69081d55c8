import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.reference.ReferenceBackendProvider;

/**
 * The inference engine: model files in, tokens out. Depends on the JDK and on Jackson's JSON
 * streams.
 */
@SuppressWarnings("module") // the test kit is built later
module io.solebox.engine {
  exports io.solebox.engine.answer;
  exports io.solebox.engine.api;
  exports io.solebox.engine.backend;
  exports io.solebox.engine.backend.trial;
  exports io.solebox.engine.cache to
      io.solebox.testkit;
  exports io.solebox.engine.chat;
  exports io.solebox.engine.constrain;
  exports io.solebox.engine.constrain.grammar;
  exports io.solebox.engine.constrain.structure;
  exports io.solebox.engine.constrain.text;
  exports io.solebox.engine.draft to
      io.solebox.testkit;
  exports io.solebox.engine.error;
  exports io.solebox.engine.generation;
  exports io.solebox.engine.source;
  exports io.solebox.engine.source.file;
  exports io.solebox.engine.source.gguf;
  exports io.solebox.engine.source.huggingface;
  exports io.solebox.engine.source.safetensors;
  exports io.solebox.engine.graph;
  exports io.solebox.engine.host;
  exports io.solebox.engine.json;
  exports io.solebox.engine.memory;
  exports io.solebox.engine.model;
  exports io.solebox.engine.model.adapter;
  exports io.solebox.engine.schedule to
      io.solebox.testkit;
  exports io.solebox.engine.spill to
      io.solebox.app,
      io.solebox.server,
      io.solebox.testkit;
  exports io.solebox.engine.tensor;
  exports io.solebox.engine.tokenizer;

  requires jdk.management;
  requires transitive tools.jackson.core;

  uses BackendProvider;

  provides BackendProvider with
      ReferenceBackendProvider;
}
