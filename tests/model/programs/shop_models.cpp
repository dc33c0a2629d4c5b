#include "limbeck/models_main.h"

#include "shop.h"

// Two sets, the second one of which refers to the first.
int main(int argc, char** argv) {
  return limbeck::models_main(
      argc, argv, limbeck::metadata<shop::Team, shop::User, shop::Sample>("people"),
      limbeck::metadata<shop::Order, shop::Line, shop::Parcel>(
          "sales",
          {limbeck::model::sql(
              "CREATE VIEW busy_teams AS SELECT team_id, count(*) AS people FROM users GROUP BY "
              "team_id;")}));
}
