package io.solebox.server.anthropic;

import io.solebox.server.answers.CallRules;
import io.solebox.server.formats.StrictTools;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tools that a request offers ({@code tools}, {@code tool_choice}).
 *
 * @param tools as chat templates take them; empty where none may be called
 * @param rules what is said of calls
 */
record ToolOffer(List<Map<String, Object>> tools, CallRules rules) {
  static ToolOffer read(FieldTable table, Fields body) {
    List<Map<String, Object>> tools = new ArrayList<>();
    Set<String> names = new HashSet<>();
    StrictTools strict = new StrictTools();
    List<Object> given = body.array("tools").orElse(List.of());
    for (int i = 0; i < given.size(); i++) {
      Fields tool = Fields.of(table, AnthropicFields.TOOL, given.get(i), "tools[" + i + "]");
      String name = tool.string("name").orElseThrow(() -> Params.missing(tool.param("name")));
      if (!names.add(name)) {
        throw Params.invalidValue(
            tool.param("name"), "Two tools have the name '%s'.".formatted(Texts.abbreviated(name)));
      }
      tools.add(function(name, tool, strict));
    }
    ToolOffer offer = chosen(body, tools, names);
    return new ToolOffer(offer.tools(), strict.with(offer.rules(), offer.tools()));
  }

  private static Map<String, Object> function(String name, Fields tool, StrictTools strict) {
    String type = tool.string("type").orElse("custom");
    if (!type.equals("custom")) {
      throw Params.unsupported(
          tool.param("type"),
          "Tools of the type '%s' are Anthropic's own; describe yours with 'input_schema'."
              .formatted(Texts.abbreviated(type)));
    }
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", name);
    tool.string("description").ifPresent(text -> function.put("description", text));
    Object schema =
        tool.raw("input_schema").orElseThrow(() -> Params.missing(tool.param("input_schema")));
    function.put("parameters", Fields.members(schema, tool.param("input_schema")));
    strict.read(tool, name, "input_schema", schema);
    tool.settle(false);
    Map<String, Object> read = new LinkedHashMap<>();
    read.put("type", "function");
    read.put("function", function);
    return read;
  }

  private static ToolOffer chosen(Fields body, List<Map<String, Object>> tools, Set<String> names) {
    Optional<Fields> given = body.object("tool_choice", AnthropicFields.TOOL_CHOICE);
    if (given.isEmpty()) {
      return new ToolOffer(tools, CallRules.FREE);
    }
    Fields choice = given.get();
    String type = choice.string("type").orElseThrow(() -> Params.missing(choice.param("type")));
    if (names.isEmpty() && !type.equals("none")) {
      throw Params.invalidValue("tool_choice", "'tool_choice' is given, but no tools are.");
    }
    boolean single = choice.flag("disable_parallel_tool_use");
    ToolOffer offer =
        switch (type) {
          case "auto" -> new ToolOffer(tools, CallRules.FREE.withSingle(single));
          case "any" -> new ToolOffer(tools, new CallRules(true, names, single));
          case "tool" -> new ToolOffer(tools, new CallRules(true, named(choice, names), single));
          case "none" ->
              new ToolOffer(List.of(), CallRules.FREE); // what is not shown is not called
          default ->
              throw Params.invalidValue(
                  choice.param("type"),
                  "'tool_choice.type' is '%s', but must be auto, any, tool or none."
                      .formatted(Texts.abbreviated(type)));
        };
    choice.settle(false);
    return offer;
  }

  private static Set<String> named(Fields choice, Set<String> names) {
    String name = choice.string("name").orElseThrow(() -> Params.missing(choice.param("name")));
    if (!names.contains(name)) {
      throw Params.invalidValue(
          choice.param("name"), "There is no tool '%s'.".formatted(Texts.abbreviated(name)));
    }
    return Set.of(name);
  }
}
