package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.pattern.Language;
import java.util.Set;

/** How the members of an object are written. */
interface MemberForm {
  /** A member of one name. */
  Expression member(String name, Set<Claim> goal, ObjectFacts facts);

  /** A member whose name is among these. */
  Expression member(Language names, Set<Claim> goal);

  /** What stands between two members. */
  Expression between();

  /** What may stand behind the last one. */
  Expression last();
}
