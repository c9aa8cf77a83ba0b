import { type Additions, closed, listOf, operation } from '@stoettesystemer/server';
import { UUID } from '../message/open-api';

export const upkeepAdditions: Additions = {
  paths: {
    '/beskedfordeler/v1/alarmer': {
      get: operation({
        id: 'listAlarmer',
        tag: 'Dueslag',
        summary: 'Dueslag, hvor beskeder har ventet for længe',
        description: 'Længere end dueslagets alarmMinutter. De ældste alarmer først, højst 500.',
        answers: [
          {
            status: 200,
            description: 'Alarmerne; en tom liste, når der ingen er.',
            content: {
              'application/json': closed(
                {
                  data: listOf(
                    closed({ dueslag: UUID, siden: { type: 'string', format: 'date-time' } }, [
                      'dueslag',
                      'siden',
                    ]),
                  ),
                },
                ['data'],
              ),
            },
          },
        ],
      }),
    },
  },
};
