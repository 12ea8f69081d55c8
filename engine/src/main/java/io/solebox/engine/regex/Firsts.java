package io.solebox.engine.regex;

import java.util.List;

/** What a match can begin with. */
final class Firsts {
  private Firsts() {}

  static CodePointSet of(Node node) {
    return switch (node) {
      case Node.Chars(CodePointSet set) -> set;
      case Node.Sequence(List<Node> parts) -> ofAll(parts);
      case Node.Choice(List<Node> options) ->
          options.stream().map(Firsts::of).reduce(CodePointSet.NONE, CodePointSet::union);
      case Node.Repeat repeat -> of(repeat.body());
      case Node.Edge _, Node.Look _ -> CodePointSet.NONE;
    };
  }

  private static CodePointSet ofAll(List<Node> parts) {
    CodePointSet firsts = CodePointSet.NONE;
    for (Node part : parts) {
      firsts = firsts.union(of(part));
      if (!mayBeEmpty(part)) {
        break;
      }
    }
    return firsts;
  }

  static boolean mayBeEmpty(Node node) {
    return switch (node) {
      case Node.Chars _ -> false;
      case Node.Sequence(List<Node> parts) -> parts.stream().allMatch(Firsts::mayBeEmpty);
      case Node.Choice(List<Node> options) -> options.stream().anyMatch(Firsts::mayBeEmpty);
      case Node.Repeat repeat -> repeat.min() == 0 || mayBeEmpty(repeat.body());
      case Node.Edge _, Node.Look _ -> true;
    };
  }
}
