"""English for talking about figures and charts: what is drawn, along which axis, in which colour, and how one thing goes with another."""

from __future__ import annotations

from typing import Literal

from insights.language.patterns import Pattern

Kind = Literal["drawn", "axis", "by", "versus", "relates", "analysis", "counted", "grain", "trend", "bins", "sort", "function"]

TABLE: dict[tuple[Kind, str], str] = {
    ("drawn", "scatter"): (
        "scatterplot|scatter plot|scatter plots|scatterplots|scatter|scatter chart|scatter charts|scatter graph|scatter diagram|scattergram|xy chart|xy plot|"
        "xyplot|xy graph|x y plot|x y chart|x / y plot|point plot|point chart|dot plot|bubble chart|bubble plot|correlation chart|correlation charts|"
        "correlation plot|correlation plots|scatter points|data points|point cloud|point graph"
    ),
    (
        "drawn",
        "histogram",
    ): "histogram|histograms|histogram of|histogram for|histogram showing|a histogram of|distribution plot|distribution chart|density plot",
    ("drawn", "line"): (
        "line chart|line charts|line graph|line graphs|line plot|line plots|time series plot|time series chart|time series graph|linechart|linegraph|"
        "multi line chart|multi line graph|multiline chart|line diagram|trend lines|trendline|trendlines"
    ),
    ("drawn", "bar"): (
        "bar chart|bar charts|bar graph|bar graphs|bar plot|bar plots|bar diagram|barchart|bargraph|barplot|column chart|column charts|bars|column graph|"
        "bar chart showing|grouped bar chart|grouped bar graph|grouped bars|clustered bar chart|clustered bars|grouped bar plot|grouped bar charts"
    ),
    ("drawn", "stacked"): (
        "stacked bar chart|stacked bar charts|stacked bar graph|stacked bar|stacked bars|stacked column chart|stacked bar plot|stack bar chart|"
        "stack bar charts|stack bar|stacked chart|stacked"
    ),
    ("drawn", "pie"): "pie|pie chart|pie charts|pie graph|donut chart|doughnut chart|treemap|tree map",
    ("drawn", "table"): "as a table|in a table|as table|table of|heat map|heatmap|crosstab|cross tab|pivot table",
    ("drawn", "parts"): (
        "small multiples|small multiple|multiples|separate charts|separate chart|separate plots|separate panels|separate graphs|in separate panels|"
        "in separate charts|in separate plots|separate|separately|segregate|segregated|separated|each shown separately|shown separately|side by side|"
        "different charts|different plots|different graphs|different lines|different bars|different color|different colour|different line|different chart|"
        "separate line|separate bar|separate color|different colors|different colours|multiple charts|multiple plots|multiple graphs|multiple lines|"
        "multiple bar charts|multiple scatterplots|multiple scatter plots|facet|facets|faceted|faceting|panel|panels|trellis|legend|in legend|in the legend|"
        "as legend|to legend|to the legend|as a legend|to groups|to group|to the groups|in groups|individually|colored|coloured|coloring|colouring|"
        "color coded|colour coded|break into|separated out|partitioned|partition|partitioned out|distinguished|distinguish|differentiated|differentiate|"
        "side by side bars|own chart|subplots|subplot|sub plots|subgroups|stack|stacks|split out|separate it|separate them|segregate it|segregate them|"
        "color code|colour code|subdivided|each plot|each chart|each bar|each line|each graph|each panel|each group|each bar chart|each color|each colour|"
        "multi series|labels|label|identify|identifying|identified|labeled|labelled|overlaid|overlay|clustered|sub divided"
    ),
    ("drawn", ""): (
        "plot|plots|graph|graphs|chart|charts|visualize|visualise|visualization|visualisation|visualizations|diagram|draw|drawing|figure|picture|plotted|"
        "graphed|charted|visualized|draw axes|draw the axes|visual|visually|plotting|graphing|charting|visualizing|graphically"
    ),
    ("drawn", "looks"): (
        "alphabetically|sort alphabetically|sorted alphabetically|in alphabetical order|alphabetical order|alphabetical|alphabetize|alphabetized|alphabetise|"
        "alphabetised|across the page|down the page|on the page|on the right side|on the left side|gridlines|grid lines|with gridlines|with grid lines|"
        "without gridlines|with a legend|with legend|with labels|with axis labels|with data labels"
    ),
    ("axis", "limit"): (
        "min x axis|max x axis|min y axis|max y axis|x axis min|x axis max|y axis min|y axis max|minimum x axis|maximum x axis|minimum y axis|maximum y axis|"
        "axis min|axis max|x axis minimum|x axis maximum|y axis minimum|y axis maximum|x axis from|y axis from|axis starting at"
    ),
    ("axis", ""): (
        "x axis|y axis|the x axis|the y axis|on x axis|on y axis|on the x axis|on the y axis|in x axis|in y axis|in the x axis|in the y axis|as x axis|"
        "as y axis|as the x axis|as the y axis|along the x axis|along the y axis|horizontal axis|vertical axis|the horizontal axis|the vertical axis|"
        "on the horizontal axis|on the vertical axis|xaxis|yaxis|with x axis|with y axis|for x axis|for y axis|axes|axis|the axes|on x|on y|x axis being|"
        "y axis being|x axis as|y axis as|x =|y ="
    ),
    ("by", ""): (
        "color by|colour by|colored by|coloured by|color coded by|colour coded by|coloring by|colouring by|color based on|colored based on|color on|"
        "color marks by|color the marks by|color points by|color the points by|color dots by|color the dots by|color lines by|color the lines by|"
        "color bars by|color the bars by|bars colored by|lines colored by|points colored by|color for|color represents|color representing|color is|"
        "color shows|color indicates|color as|color|colour|with color|shaded by|shade by|stacked by|stack by|stack bars by|stack the bars by|facet by|"
        "faceted by|faceting on|faceting by|faceted on|facet on|facet it by|small multiples by|small multiples for|small multiples for each|separated by|"
        "separate by|segregated by|segregate by|segregate it by|partitioned by|partition by|distinguished by|distinguish by|differentiated by|"
        "differentiate by|split out by|split by each|divided by each|trellised by|broken up by|break up by|based on|based on the|on the basis of|based upon|"
        "for different|for various|across different|across various|across the different|across the various|of different|of various|in different|in various|"
        "from different|from various|with different|with various|based on different|for several|by different|by various|for varying|of varying|with varying|"
        "each type of|each kind of|each of the|for each type of|for every type of|for each kind of|for each of the|by type of|by kind of|"
        "for different types of|for different kinds of|for different values of|across types of|by the type of|for each different|by each type of|per type of|"
        "for all different|one for each|one for every|one per|one each for every|one each for each|one line per|one line for each|a line for each|"
        "separate charts for|separate charts for each|a separate chart for each|separate plots for each|different lines for|different lines for different|"
        "a different line for each|separate lines for|separate lines for each|with a line for each|split into separate charts for each|different colors for|"
        "with breakdown by|with a breakdown by|breakdown by each|versus each|vs each|for each individual|by individual|per individual|per each individual|"
        "among|among the|among different|amongst|amongst different|for each change in|for each change in value of|for each value of|for each value of the|"
        "for every value of|different for each|different for every|different for each change in value of|different for each value of|"
        "a different color for each|a different colour for each|different color for each|different colour for each|one color per|one colour per|"
        "color for each|colour for each|one bar for each|one bar per|a bar for each|one chart for each|one chart per|a chart for each|one plot for each|"
        "one plot per|one panel per|one panel for each|separate line for each|different line for each|sub grouped by|subgrouped by|sub group by|"
        "grouped together by|group together by|each multiple is|where each multiple is|each multiple|where each chart is|where each line is|"
        "where each bar is|where each color is|each representing|parameterize by|parameterized by|parameterised by|coded by|labeled by|labelled by|"
        "displayed by|shown by|filtered by|slice by|slicing by|segmented on|grouped on|group on|grouped across|group based on|grouped based on|"
        "categorized by|categorised by|classified by|bucketed by|binned by"
    ),
    ("versus", ""): "v s|v|v.s|vs the|versus the|against the|as against|v / s|compared against the|compared with the|compared to the",
    ("relates", ""): (
        "vary|varies|varied|varying|vary by|varies by|vary with|varies with|vary for|varies for|change as|changes as|vary as|varies as|vary based on|"
        "varies based on|vary across|varies across|vary depending on|varies depending on|differ by|differs by|differ across|differs across|change with|"
        "changes with|changed with|changing with|change by|changes by|change based on|changes based on|change across|changes across|behave|behaves|"
        "does higher|do higher|does more|do more|does lower|do lower|does a higher|do a higher|does having more|does greater|do greater|does bigger|"
        "do bigger|does larger|do larger|behave with|behaves with|behave across|varies over|vary over|compare across|compares across|compare by"
    ),
    ("analysis", "correlation"): (
        "correlation of|correlations|correlations between|correlation with|correlated with|correlated to|correlate with|correlates with|correlating|"
        "relationship|relationships|relationships between|relation|relations|relation of|relations between|relationship with|relation with|relation to|"
        "relationship to|in relation to|with relation to|relate|relates|relate to|relates to|relating to|relate with|relates with|related|related with|"
        "is related to|are related to|associated|association between|association of|association with|interplay between|interplay of|connection between|"
        "link between|dependence of|dependency of|dependency between|mean lower|mean higher|mean less|mean more|mean better|mean worse|mean a lower|"
        "mean a higher|imply lower|imply higher|lead to lower|lead to higher|lead to more|lead to less|result in lower|result in higher|mean greater|"
        "mean smaller|depending|go along with"
    ),
    ("analysis", "distribution"): (
        "boxplot|boxplots|box and whisker plot|violin plot|distributions|distributions of|frequency distribution|frequency distribution of|range of|"
        "ranges of|the range of|spread|distribution for|distribution across|variation in|variation of|variability of|how spread out|categorization of|"
        "categorisation of|classification of|grouping of"
    ),
    ("counted", ""): (
        "row count|rowcount|row counts|record count|records count|count rows|count of rows|count of records|count of all rows|count the rows|number of rows|"
        "number of records|number of entries|number of data points|count records|frequency|frequencies|frequency of|frequency count|counts|counted|"
        "occurrences|number of occurrences|the frequency|the frequency of|how often|how frequently"
    ),
    ("grain", "year"): (
        "over the years|over years|over year|over a year|over each year|through the years|across years|across the years|across the year|with years|"
        "with the years|with year|over the course of the years|throughout the years|year to year|from year to year|per each year|by years|"
        "for each of the years|in each year|year wise|yearwise|across all years|over all years"
    ),
    ("grain", "month"): "over the months|over months|through the months|across months|across the months|from month to month|by months|in each month|month wise",
    ("grain", "quarter"): "over the quarters|over quarters|across quarters|across the quarters|from quarter to quarter|by quarters|in each quarter",
    ("grain", "week"): "over the weeks|over weeks|across weeks|across the weeks|from week to week|by weeks|in each week",
    ("grain", "day"): "over the days|over days|across days|across the days|from day to day|by days|on each day",
    ("trend", ""): (
        "across time|with time|general trend|general trend of|the general trend of|trended|trended over|trended by|in a timeline|on a timeline|"
        "over a timeline|as a timeline|over a period of time|over the period|over the time|trend over time|trends over time|trended over time|"
        "throughout time|evolves|evolving|evolves over time|evolve over time|evolved over time|time line|progress over time|progression of|progression|"
        "trend line|trend line of|as time passes|along time"
    ),
    ("sort", ""): "sort|sorting|sort the bars|sort bars|order the bars|order bars|arrange the bars",
    ("function", "sum"): "sums|summing|summing up",
    ("bins", "width"): (
        "bin size|bin size of|bin width|bin width of|bin widths of|bins of|bins of size|bins of width|buckets of|in buckets of|in bins of|intervals of|"
        "in intervals of|by intervals of|with intervals of|with a bin width of|with a bin size of|with bin size|with bin width|rounded to|in increments of|"
        "increments of|bucket size|bucket size of|to the nearest|rounded to the nearest|the nearest|nearest|in steps of|steps of|binned in|with bins of"
    ),
    ("bins", "bins"): "number of bins|number of buckets|with bins|number of intervals",
    ("bins", ""): "bin|bins|buckets|bucket|intervals|interval|binned|bucketed|binning|bucketing|bands|increments|brackets",
}
"""Phrases by what they are to the grammar, in the manner of the main vocabulary."""

FILLERS: tuple[str, ...] = tuple(
    (
        "create|creating|build|generate|make me|make a|render|representing|depicting|showing|displaying|illustrating|to show|to display|to visualize|"
        "that shows|which shows|that show|to illustrate|to represent|represent|represents|depict|depicts|shows|illustrate|illustrates|through a|"
        "i want to see how|how much do|add|adding|add a|add the|put|putting|use|using|include|includes|together|help me|help me see|help me to see|draw me|"
        "make me a|one|each of|set of|a set of|a series of|dataset|data set|in this dataset|in the dataset|in the data|in the data set|in this data set|"
        "in this data|of the data|group|grouping"
    ).split("|")
)
"""What surrounds the naming of a chart and says nothing about the figures in it."""

NEUTRAL: frozenset[str] = frozenset(
    (
        "simple plain basic nice boring clean format style vertical horizontal vertically horizontally bar line lines marks mark dots dot manufactured built "
        "wise type types kind kinds category categories categorization aggregated aggregate manufacture manufactures multiple various several general whole "
        "entire field column columns attribute variable specific particular respective corresponding present"
    ).split()
)
"""Dropped and named: how it is to look, and words that only lengthen a name."""

_STYLED = Pattern(
    r"(?:please |and |then |now |also )*"
    r"(?:(?:colou?r|shade|stack|facet|segregate|separate|partition|distinguish|differentiate|split|slice|break|add|group|subdivide|set)\b.*"
    r"|(?:with |using )?(?:one|an?|a different|a separate|different|separate|another) (?:line|bar|chart|plot|graph|panel|colou?r)s? (?:per|for|by)\b.*)"
)
_LOOKS = Pattern(
    r"(?:please |and |then |now |also )*"
    r"(?!.*\bby\b)(?=(?:set|make|use|change|do not use|do not show|extend|alphabeti[sz]e|remove|hide|turn off|put an?(?: \w+)? legend)\b)"
    r".*\b(colou?rs?|legend|font|opacity|ax[ie]s|grid ?lines?|grids?|symbols?|alphabeti[sz]ed?|alphabetically)\b.*"
)


def looks(plain: str) -> str:
    """The part of a chart that an utterance is about, when it says how it is to look and nothing about what it shows; empty otherwise.

    >>> looks("set the region colors to blue and red"), looks("color by region")
    ('colors', '')
    """
    found = _LOOKS.fullmatch(plain)
    return found[1] if found is not None else ""


def is_styling(plain: str) -> bool:
    """Whether an utterance dresses the chart before it: "color by region", "add the plan to the legend".

    >>> [is_styling(said) for said in ("color by region", "facet it by plan", "revenue by region")]
    [True, True, False]
    """
    return _STYLED.fullmatch(plain) is not None
