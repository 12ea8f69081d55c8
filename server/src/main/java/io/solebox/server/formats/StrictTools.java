package io.solebox.server.formats;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.CallRules;
import io.solebox.server.answers.CallRules.Strict;
import io.solebox.server.params.Fields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The tools of a request whose arguments are to be held to their schemas. Owned by one reader. */
public final class StrictTools {
  private static final String STRICT = "strict";

  private final Map<String, Strict> byName = new HashMap<>();

  /**
   * Reads whether a tool is strict.
   *
   * @param schemaName of the member of {@code tool} that has the schema
   * @param schema as the model is shown it
   */
  public void read(Fields tool, String name, String schemaName, Object schema) {
    if (tool.flag(STRICT)) {
      Structure arguments = new Structure.Schema(new JsonWriter().text(schema));
      hold(name, arguments, tool.param(STRICT), tool.param(schemaName));
    }
  }

  /**
   * Holds the arguments of a tool.
   *
   * @param param that asks for it
   * @param schemaParam that says to what
   */
  public void hold(String name, Structure arguments, String param, String schemaParam) {
    byName.put(name, new Strict(arguments, param, schemaParam));
  }

  /**
   * With those of the strict tools that the model is shown.
   *
   * @param shown as templates take them
   */
  public CallRules with(CallRules rules, List<Map<String, Object>> shown) {
    Set<Object> names =
        shown.stream()
            .map(tool -> ((Map<?, ?>) tool.get("function")).get("name"))
            .collect(Collectors.toSet());
    Map<String, Strict> strict = new HashMap<>(byName);
    strict.keySet().retainAll(names);
    return rules.withStrict(strict);
  }
}
