package io.solebox.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** One PTX text for several targets. */
class TargetTest {
  private static final String PTX =
      """
      // norm of norm.cu
      .version 7.8
      .target sm_70
      .address_size 64
      \t//@sm_90 griddepcontrol.wait;
      \tret;
      """;

  @Test
  void aTargetTakesItsOwnFileOrOneBefore() {
    assertEquals(List.of("sm_70"), Target.SM_70.directories());
    assertEquals(List.of("sm_90", "sm_80", "sm_70"), Target.SM_90.directories());
  }

  @Test
  void instructionsOfLaterTargetsAreComments() {
    assertEquals(PTX, Target.SM_70.specialize(PTX));
    assertEquals(PTX.replace("sm_70", "sm_80"), Target.SM_80.specialize(PTX));
    assertEquals(
        PTX.replace("//@sm_90 ", "").replace("sm_70", "sm_90"), Target.SM_90.specialize(PTX));
  }

  /** As a file that stands in for a built-in one may be. */
  @Test
  void whatIsForALaterGpuStaysAsItIs() {
    for (String other : List.of("sm_100", "sm_90a")) {
      String ptx = PTX.replace("sm_70", other);
      assertEquals(ptx, Target.SM_90.specialize(ptx));
    }
  }
}
