from tests.models.runs import write

write()
