package io.solebox.models.minilm;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes and the constant tensors of a model in ONNX (onnx/onnx: onnx/onnx.proto). What else a
 * file may hold, such as attributes and weights in other files, is not read.
 */
record OnnxGraph(List<Node> nodes, Map<String, Tensor> initializers) {
  /** {@code TensorProto.DataType.FLOAT}. */
  static final int FLOAT = 1;

  /** {@code ModelProto.graph}. */
  private static final int GRAPH = 7;

  /**
   * An operation.
   *
   * @param type as in {@code MatMul}
   */
  record Node(String type, List<String> inputs, List<String> outputs) {}

  /**
   * @param shape the contiguous axis last, as everywhere in ONNX
   * @param data little-endian elements
   */
  record Tensor(String name, int dataType, List<Long> shape, ByteBuffer data) {
    long elements() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /**
   * @param place for errors
   * @throws SoleboxException {@code BAD_MODEL_FILE}
   */
  static OnnxGraph read(String place, ByteBuffer file) {
    var model = new Protobuf(place, file);
    while (model.next()) {
      if (model.field() == GRAPH) {
        return graph(place, model.message());
      }
    }
    throw new SoleboxException(
        ErrorCode.BAD_MODEL_FILE, place, "There is no graph in it.", "Fetch the artifact again.");
  }

  private static OnnxGraph graph(String place, Protobuf message) {
    var nodes = new ArrayList<Node>();
    var initializers = new LinkedHashMap<String, Tensor>();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> nodes.add(node(message.message()));
        case 5 -> {
          Tensor tensor = tensor(place, message.message());
          initializers.put(tensor.name(), tensor);
        }
        default -> {} // names, inputs, outputs, types
      }
    }
    return new OnnxGraph(nodes, initializers);
  }

  private static Node node(Protobuf message) {
    var inputs = new ArrayList<String>();
    var outputs = new ArrayList<String>();
    String type = "";
    while (message.next()) {
      switch (message.field()) {
        case 1 -> inputs.add(message.text());
        case 2 -> outputs.add(message.text());
        case 4 -> type = message.text();
        default -> {} // its name, attributes, documentation
      }
    }
    return new Node(type, inputs, outputs);
  }

  private static Tensor tensor(String place, Protobuf message) {
    var shape = new ArrayList<Long>();
    String name = "";
    int dataType = 0;
    ByteBuffer data = ByteBuffer.allocate(0);
    while (message.next()) {
      switch (message.field()) {
        case 1 -> addSizes(message, shape);
        case 2 -> dataType = (int) message.number();
        case 8 -> name = message.text();
        case 9 -> data = message.bytes();
        default -> {} // the same data in another form, which exporters of weights do not use
      }
    }
    var tensor = new Tensor(name, dataType, shape, data);
    if (dataType == FLOAT && data.remaining() != Float.BYTES * tensor.elements()) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          place + ", tensor " + name,
          "It has %d bytes, and its shape %s needs another number."
              .formatted(data.remaining(), shape),
          "Fetch the artifact again.");
    }
    return tensor;
  }

  private static void addSizes(Protobuf message, List<Long> shape) {
    if (!message.isPacked()) {
      shape.add(message.number());
      return;
    }
    for (Protobuf sizes = message.message(); sizes.hasMore(); ) {
      shape.add(sizes.packedNumber());
    }
  }
}
