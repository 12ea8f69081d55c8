package io.solebox.planner.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.work.StepWork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  @Test
  void aShapeInWordsIsAModel() {
    Shape shape = Shape.parse("layers=40,width=5120,ffn=13824,heads=40,vocab=32000,context=4096");
    var model = PlannedModel.of(shape);
    assertEquals(
        PlannedModel.of(Shapes.named("13B").orElseThrow()).outline().info().parameters(),
        model.outline().info().parameters());
    assertEquals("F16", model.format());
  }

  @Test
  void otherFormatsAreOtherBytesOfTheSameGraph() {
    var f16 = PlannedModel.of(Shapes.named("7b").orElseThrow());
    var q8 =
        f16.in(
            (_, tensors) ->
                tensors.stream()
                    .map(t -> t.type() == TensorType.F16 ? as(t, TensorType.Q8_0) : t)
                    .toList());
    double whole = StepWork.of(f16.outline().graph()).decodeBytes(1, 0, KvType.F16);
    double half = StepWork.of(q8.outline().graph()).decodeBytes(1, 0, KvType.F16);
    assertEquals(34.0 / 64, half / whole, 0.001);
  }

  private static TensorInfo as(TensorInfo tensor, TensorType type) {
    return new TensorInfo(tensor.name(), type, tensor.shape(), type.bytes(tensor.elements()));
  }

  @Test
  void ofExpertsATokenReadsThoseThatItTakes() {
    var model = PlannedModel.of(Shapes.named("30b-a3b").orElseThrow());
    assertEquals(30.5e9, model.outline().info().parameters(), 0.1e9);
    StepWork work = StepWork.of(model.outline().graph());
    assertEquals(2 * 3.05e9, work.decodeBytes(1, 0, KvType.F16), 2 * 0.3e9);
    assertTrue(work.decodeBytes(64, 0, KvType.F16) > 2 * 28e9);
  }

  /** Of every three layers two see the last 512 tokens, and the third sees all. */
  @ParameterizedTest
  @ValueSource(strings = {"", ",experts=8,used=2"})
  void layersWithAWindowReadNoMoreThanIt(String experts) {
    String plain = "layers=6,width=512,ffn=1024,heads=8,kv=2,dim=64,vocab=3200,context=8192";
    double kept = 2 * 2 * 64 * 2; // keys and values of a token in F16, of each layer
    assertEquals(6 * kept * 4096, kept(plain + experts, 4096));
    String windowed = plain + ",window=512,period=3" + experts;
    assertEquals(6 * kept * 512, kept(windowed, 512));
    assertEquals(4 * kept * 512 + 2 * kept * 4096, kept(windowed, 4096));
  }

  private static double kept(String shape, int context) {
    StepWork work = StepWork.of(PlannedModel.of(Shape.parse(shape)).outline().graph());
    return work.decodeBytes(1, context, KvType.F16) - work.decodeBytes(1, 0, KvType.F16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "layers=40",
        "layers=40,width=5120,ffn=13824,heads=40,vocab=32000,colour=3",
        "layers=40,width=5120,ffn=13824,heads=40,vocab=-1",
        "layers=many,width=5120,ffn=13824,heads=40,vocab=32000",
        "layers=40,width=5120,ffn=13824,heads=40,vocab=32000,kv=7",
        "layers=40,width=5120,ffn=13824,heads=39,vocab=32000",
        "layers=4,width=512,ffn=512,heads=4,vocab=3200,experts=4",
        "layers=4,width=512,ffn=512,heads=4,vocab=3200,window=512",
        "layers=4,layers=5,width=512,ffn=512,heads=4,vocab=3200",
      })
  void whatIsWrongIsSaid(String text) {
    var refused = assertThrows(SoleboxException.class, () -> Shape.parse(text));
    assertEquals(ErrorCode.INVALID_PARAMETER, refused.code());
    assertTrue(refused.remedy().contains("layers"), refused.remedy());
  }
}
