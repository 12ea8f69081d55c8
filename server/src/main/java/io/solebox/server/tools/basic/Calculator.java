package io.solebox.server.tools.basic;

import io.solebox.server.tools.Arguments;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolResult;
import io.solebox.server.tools.ToolSpec;
import java.util.List;
import java.util.Map;

/** Computes what models get wrong in their heads. */
final class Calculator implements Tool {
  private static final String EXPRESSION = "expression";
  private static final ToolSpec SPEC =
      new ToolSpec(
          "calculator",
          "Computes an expression exactly. It has + - * / ^ ! and brackets, % for percent or the"
              + " remainder, pi, e, and abs, acos, asin, atan, ceil, cos, exp, floor, gcd, ln, log,"
              + " log2, log10, max, mean, min, round, sin, sqrt, sum, tan; angles are in radians.",
          Map.of(
              "type",
              "object",
              "properties",
              Map.of(
                  EXPRESSION,
                  Map.of("type", "string", "description", "As in (0.1 + 0.2) * 3 or sqrt(2)")),
              "required",
              List.of(EXPRESSION)),
          ToolSpec.BUILT_IN,
          true);

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public ToolResult call(Map<String, Object> arguments, ToolCaller who) {
    return ToolResult.of(Expression.value(new Arguments(arguments).text(EXPRESSION)).words());
  }
}
